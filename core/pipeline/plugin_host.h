// PluginHost: the run, as one plugin sees it.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "base/sha256.h"
#include "config/experiment.h"
#include "pipeline/observer.h"
#include "plugins/instance.h"

namespace trefoil::pipeline {

// Extra numbers that plugins reported: "selector/mixed.name" -> value.
using Figures = std::map<std::string, double>;

// What the plugins of one run share. The references outlive them.
struct RunContext {
  std::uint64_t seed = 0;
  Observer& observer;
  Figures& figures;
  base::FileSums& sums;
  int threads = 1;
};

class PluginHost final : public Host {
 public:
  PluginHost(const config::PluginChoice& choice, const RunContext& run);

  std::uint64_t seed() const override { return run_.seed; }
  int threads() const override { return run_.threads; }
  void log(LogLevel level, const std::string& line) override;
  void progress(std::int64_t done, std::int64_t total) override;
  void figure(const std::string& name, double value) override;
  std::string file_sha256(const std::filesystem::path& file) override { return run_.sums.sha256(file); }

 private:
  std::string name_;
  RunContext run_;
};

// A plugin's object and the host that is attached to it.
template <typename Interface>
struct HostedPlugin {
  HostedPlugin(const config::PluginChoice& choice, const RunContext& run)
      : host(choice, run), plugin(*choice.plugin, choice.parameters, host, choice.named_at) {}

  PluginHost host;
  plugins::Instance<Interface> plugin;
};

}  // namespace trefoil::pipeline
