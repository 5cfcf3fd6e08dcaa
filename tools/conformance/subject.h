// Subject: the tested plugin with its parameters, and objects of it.
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
  runtime::PluginChoice choice;

  const PluginDescriptor& descriptor() const { return *choice.plugin->descriptor; }
  const std::vector<Parameter>& declared() const { return choice.declared.all(); }
  const Parameters& parameters() const { return choice.parameters; }

  // Returns the subject with another value of one parameter.
  Subject with(const std::string& name, ParameterValue value) const {
    Parameters::Values values = parameters().values();
    values[name] = std::move(value);
    Subject changed = *this;
    changed.choice.parameters = Parameters(std::move(values));
    return changed;
  }
};

// The plugin's code threw an exception.
struct Refused : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Ignores logs and progress.
class NullObserver final : public runtime::Observer {
 public:
  void log(LogLevel /*level*/, const std::string& /*line*/) override {}
  void progress(const std::string& /*stage*/, std::int64_t /*done*/, std::int64_t /*total*/) override {}
};

// One object of the tested plugin.
template <typename Interface>
class TestedPlugin {
 public:
  // Throws Refused if the object cannot be created.
  explicit TestedPlugin(const Subject& subject, int threads = 1)
      : run_{/*seed=*/1, observer_, metrics_, sums_, threads} {
    runtime::PluginChoice choice = subject.choice;
    choice.named_at = kOrigin;
    translate_plugin_error([&] { hosted_.emplace(choice, run_); });
  }

  // Returns `method(object)`. Throws Refused if it throws a std::exception, and Broken if it throws anything else.
  template <typename Method>
  auto call(const char* where, Method method) {
    return translate_plugin_error([&] {
      return hosted_->plugin.change(
          where, [&](Interface& object) { return note_foreign_exception([&] { return method(object); }); });
    });
  }

  // Returns the plugin label for the host's own checks. Their errors are not refusals.
  const std::string& label() const { return hosted_->plugin.label(); }

 private:
  template <typename Body>
  auto translate_plugin_error(Body body) {
    try {
      return body();
    } catch (const PluginError& error) {
      const std::string what = without_label(error.what());
      if (threw_foreign_) throw Broken(what);
      throw Refused(what);
    }
  }

  template <typename Body>
  auto note_foreign_exception(Body body) {
    try {
      return body();
    } catch (const std::exception&) {
      throw;
    } catch (...) {
      threw_foreign_ = true;
      throw;
    }
  }

  // Removes the plugin label, because the report names the plugin once.
  static std::string without_label(const std::string& what) {
    const std::size_t name = what.find(kOrigin);
    return name == std::string::npos ? what : what.substr(what.find(": ", name) + 2);
  }

  static constexpr const char* kOrigin = "runner plugins check";  // in place of a line of an experiment file

  NullObserver observer_;
  runtime::ReportedMetrics metrics_;
  base::FileSums sums_;
  runtime::RunContext run_;
  std::optional<runtime::HostedPlugin<Interface>> hosted_;
  bool threw_foreign_ = false;
};

// Returns "" or, if the plugin refuses `attempt`, its message. A wrong result is not a refusal.
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
