// PluginHost: the host of one plugin. It passes log lines, progress and metrics of the plugin to the run.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "base/sha256.h"
#include "runtime/instance.h"
#include "runtime/observer.h"
#include "runtime/plugin_choice.h"

namespace trefoil::runtime {

// The metrics that plugins reported with Host::metric: "selector/mixed.name" -> value.
using ReportedMetrics = std::map<std::string, double>;

// The services that all plugins of one run share. The references must outlive the plugins.
struct RunContext {
  std::uint64_t seed = 0;
  Observer& observer;
  ReportedMetrics& metrics;
  base::FileSums& sums;
  int threads = 1;
};

class PluginHost final : public Host {
 public:
  PluginHost(const runtime::PluginChoice& choice, const RunContext& run);

  std::uint64_t seed() const override { return run_.seed; }
  int threads() const override { return run_.threads; }
  void log(LogLevel level, const std::string& line) override;
  void progress(std::int64_t done, std::int64_t total) override;
  void metric(const std::string& name, double value) override;
  std::string file_sha256(const std::filesystem::path& file) override { return run_.sums.sha256(file); }

 private:
  std::string name_;
  RunContext run_;
};

// The object of a plugin together with its host.
template <typename Interface>
struct HostedPlugin {
  HostedPlugin(const runtime::PluginChoice& choice, const RunContext& run) : host(choice, run), plugin(choice, host) {}
  HostedPlugin(const HostedPlugin&) = delete;  // the plugin keeps the address of `host`
  HostedPlugin& operator=(const HostedPlugin&) = delete;

  PluginHost host;
  runtime::Instance<Interface> plugin;
};

}  // namespace trefoil::runtime
