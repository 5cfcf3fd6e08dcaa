#include "runtime/plugin_host.h"

#include <cmath>
#include <stdexcept>

namespace trefoil::runtime {

PluginHost::PluginHost(const runtime::PluginChoice& choice, const RunContext& run)
    : name_(std::string(runtime::kind_name(choice.plugin->descriptor->kind)) + "/" + choice.plugin->descriptor->name),
      run_(run) {}

void PluginHost::log(LogLevel level, const std::string& line) { run_.observer.log(level, name_ + ": " + line); }

void PluginHost::progress(std::int64_t done, std::int64_t total) { run_.observer.progress(name_, done, total); }

void PluginHost::metric(const std::string& name, double value) {
  if (!std::isfinite(value)) throw std::invalid_argument("the metric '" + name + "' is not a finite number");
  run_.metrics[name_ + "." + name] = value;
}

}  // namespace trefoil::runtime
