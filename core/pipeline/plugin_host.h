// PluginHost: the run, as one plugin sees it.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "config/experiment.h"
#include "pipeline/observer.h"

namespace trefoil::pipeline {

// Extra numbers that plugins reported: "selector/mixed.name" -> value.
using Figures = std::map<std::string, double>;

class PluginHost final : public Host {
 public:
  PluginHost(const config::PluginChoice& choice, std::uint64_t seed, Observer& observer, Figures& figures);

  std::uint64_t seed() const override { return seed_; }
  void log(LogLevel level, const std::string& line) override;
  void progress(std::int64_t done, std::int64_t total) override;
  void figure(const std::string& name, double value) override;

 private:
  std::string name_;
  std::uint64_t seed_;
  Observer& observer_;
  Figures& figures_;
};

}  // namespace trefoil::pipeline
