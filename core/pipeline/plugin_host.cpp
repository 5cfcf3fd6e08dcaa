#include "pipeline/plugin_host.h"

#include <cmath>
#include <stdexcept>

namespace trefoil::pipeline {

PluginHost::PluginHost(const config::PluginChoice& choice, std::uint64_t seed, Observer& observer, Figures& figures)
    : name_(std::string(plugins::kind_name(choice.plugin->descriptor->kind)) + "/" + choice.plugin->descriptor->name),
      seed_(seed),
      observer_(observer),
      figures_(figures) {}

void PluginHost::log(LogLevel level, const std::string& line) { observer_.log(level, name_ + ": " + line); }

void PluginHost::progress(std::int64_t done, std::int64_t total) { observer_.progress(name_, done, total); }

void PluginHost::figure(const std::string& name, double value) {
  if (!std::isfinite(value)) throw std::invalid_argument("the figure '" + name + "' is not a finite number");
  figures_[name_ + "." + name] = value;
}

}  // namespace trefoil::pipeline
