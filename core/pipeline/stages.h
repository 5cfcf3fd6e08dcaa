// Stages: the stages that call plugins. They check everything that a plugin returns.
#pragma once

#include <optional>
#include <string>

#include "config/experiment.h"
#include "runtime/plugin_host.h"
#include "trefoil/channels.h"
#include "trefoil/classifier.h"
#include "trefoil/head.h"
#include "trefoil/relation.h"
#include "trefoil/selector.h"
#include "trefoil/support.h"

namespace trefoil::pipeline {

// The plugin objects of one run. They must outlive the classifiers that they make, because `custom_logits` of a
// classifier may call one of them.
class Stages {
 public:
  // Creates the plugin objects. Throws PluginError.
  Stages(const config::Experiment& experiment, const Support& support, const runtime::RunContext& run);

  // Without a selector, `select` keeps every channel. Without a head, `train` returns `start`, and `head_leave_one_out`
  // returns an undefined tensor. Each throws PluginError; `select` also throws ConfigError when q exceeds D.
  Channels select() const;
  Classifier relate(const Channels& channels) const;
  Classifier train(const Channels& channels, const Classifier& start) const;

  // The logits [M, C] for each support image, as if the classifier had been made without that image: all logits of the
  // relation's classifier, or those of the head's texts and bias. Undefined when the plugin cannot compute them.
  // own_gain [M] float64: see relation.h.
  torch::Tensor relation_leave_one_out(const torch::Tensor& own_gain) const;
  torch::Tensor head_leave_one_out(const Channels& channels, const Classifier& start) const;

  // The plugin that errors about the logits name: for the trained classifier, and for the relation's classifier.
  const std::string& plugin_label() const;
  const std::string& relation_label() const { return relation_.plugin.label(); }

 private:
  const config::Experiment& experiment_;
  const Support& support_;
  std::optional<runtime::HostedPlugin<Selector>> selector_;
  runtime::HostedPlugin<Relation> relation_;
  std::optional<runtime::HostedPlugin<Head>> head_;
};

}  // namespace trefoil::pipeline
