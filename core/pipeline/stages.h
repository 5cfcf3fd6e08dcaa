// The stages that plugins carry out, with everything they return checked.
#pragma once

#include <string>

#include "config/experiment.h"
#include "pipeline/plugin_host.h"
#include "trefoil/channels.h"
#include "trefoil/classifier.h"
#include "trefoil/head.h"
#include "trefoil/relation.h"
#include "trefoil/selector.h"
#include "trefoil/support.h"

namespace trefoil::pipeline {

// The plugins' objects of one run. They live as long as this does, and so must whatever uses their classifier: its
// `custom_logits` may belong to one of them.
class Stages {
 public:
  // Makes the objects. Throws PluginError.
  Stages(const config::Experiment& experiment, const Support& support, const RunContext& run);

  // Throw PluginError; `select` also ConfigError, when q exceeds D.
  Channels select() const;
  Classifier relate(const Channels& channels) const;
  Classifier train(const Channels& channels, const Classifier& start) const;

  // What the head says of each support image without having seen it [M, C]; undefined when it cannot tell.
  torch::Tensor leave_one_out(const Channels& channels, const Classifier& start) const;

  // The plugin to blame when the logits of the trained classifier go wrong.
  const std::string& maker() const;
  // Likewise of the relation's.
  const std::string& relation_maker() const { return relation_.plugin.described(); }

 private:
  const config::Experiment& experiment_;
  const Support& support_;
  HostedPlugin<Selector> selector_;
  HostedPlugin<Relation> relation_;
  HostedPlugin<Head> head_;
};

}  // namespace trefoil::pipeline
