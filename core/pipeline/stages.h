// The stages that plugins carry out, with everything they return checked.
#pragma once

#include <map>
#include <string>

#include "config/experiment.h"
#include "pipeline/observer.h"
#include "trefoil/channels.h"
#include "trefoil/classifier.h"
#include "trefoil/support.h"

namespace trefoil::pipeline {

// Extra numbers that plugins reported: "selector/mixed.name" -> value.
using Figures = std::map<std::string, double>;

struct Model {
  Channels channels;
  Classifier classifier;
  std::string maker;  // the plugin to blame when its logits go wrong
};

// Selects, relates and trains, in this order. Throws PluginError, or ConfigError when q exceeds D.
class Stages {
 public:
  Stages(const config::Experiment& experiment, const Support& support, Observer& observer, Figures& figures)
      : experiment_(experiment), support_(support), observer_(observer), figures_(figures) {}

  Channels select() const;
  Classifier relate(const Channels& channels) const;
  Model train(const Channels& channels, const Classifier& start) const;

 private:
  const config::Experiment& experiment_;
  const Support& support_;
  Observer& observer_;
  Figures& figures_;
};

}  // namespace trefoil::pipeline
