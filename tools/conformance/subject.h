// Subject: the plugin that is tried, with the parameters it is tried with, and objects of it.
#pragma once

#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include "base/errors.h"
#include "base/sha256.h"
#include "conformance/rules.h"
#include "runtime/observer.h"
#include "runtime/plugin_host.h"

namespace trefoil::conformance {

struct Subject {
  const runtime::LoadedPlugin& plugin;
  Parameters parameters;

  const PluginDescriptor& descriptor() const { return *plugin.descriptor; }

  // The same with another value.
  Subject with(const std::string& name, ParameterValue value) const {
    Parameters::Values values = parameters.values();
    values[name] = std::move(value);
    return {plugin, Parameters(std::move(values))};
  }
};

// The plugin's code threw an exception.
struct Refused : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Takes logs and progress, and shows them to nobody.
class Quiet final : public runtime::Observer {
 public:
  void log(LogLevel /*level*/, const std::string& /*line*/) override {}
  void progress(const std::string& /*stage*/, std::int64_t /*done*/, std::int64_t /*total*/) override {}
};

// One object of the plugin.
template <typename Interface>
class Tried {
 public:
  // Throws Refused when it cannot be made.
  explicit Tried(const Subject& subject, int threads = 1) : run_{/*seed=*/1, quiet_, figures_, sums_, threads} {
    refusing([&] { hosted_.emplace(runtime::PluginChoice{&subject.plugin, subject.parameters, kAsker}, run_); });
  }

  // Calls `method(object)`. Throws Refused; Broken when it throws something that is no std::exception.
  template <typename Method>
  auto call(const char* where, Method method) {
    return refusing([&] {
      return hosted_->plugin.change(
          where, [&](Interface& object) { return noticing_foreign([&] { return method(object); }); });
    });
  }

  // To blame it by, for the host's own checks, whose errors are no refusals.
  const std::string& label() const { return hosted_->plugin.label(); }

 private:
  template <typename Body>
  auto refusing(Body body) {
    try {
      return body();
    } catch (const PluginError& error) {
      const std::string what = behind_name(error.what());
      if (threw_foreign_) throw Broken(what);
      throw Refused(what);
    }
  }

  template <typename Body>
  auto noticing_foreign(Body body) {
    try {
      return body();
    } catch (const std::exception&) {
      throw;
    } catch (...) {
      threw_foreign_ = true;
      throw;
    }
  }

  // Which plugin it is need not be said in every line.
  static std::string behind_name(const std::string& what) {
    const std::size_t name = what.find(kAsker);
    return name == std::string::npos ? what : what.substr(what.find(": ", name) + 2);
  }

  static constexpr const char* kAsker = "runner plugins check";  // instead of a place in an experiment file

  Quiet quiet_;
  runtime::ReportedMetrics figures_;
  base::FileSums sums_;
  runtime::RunContext run_;
  std::optional<runtime::HostedPlugin<Interface>> hosted_;
  bool threw_foreign_ = false;
};

// Nothing, or the words with which the plugin refuses what `attempt` tries. A wrong result is no refusal.
template <typename Attempt>
std::string allowing_refusal(Attempt attempt) {
  try {
    attempt();
    return "";
  } catch (const Refused& refusal) {
    return std::string("refused: ") + refusal.what();
  }
}

}  // namespace trefoil::conformance
