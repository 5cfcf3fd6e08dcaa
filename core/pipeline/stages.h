// Stages: the stages that call plugins. They check everything that a plugin returns.
#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "config/experiment.h"
#include "pipeline/head_stage.h"
#include "runtime/plugin_host.h"
#include "trefoil/channels.h"
#include "trefoil/classifier.h"
#include "trefoil/relation.h"
#include "trefoil/selector.h"
#include "trefoil/support.h"

namespace trefoil::pipeline {

// α, β and γ of a classifier.
struct CacheHyperparameters {
  double alpha = 0;
  double beta = 1;
  double gamma = 0;
};

// For each head that has been searched: the values that its trained classifier gets instead of its own, if any.
using AfterHeads = std::vector<std::optional<CacheHyperparameters>>;

// The plugin objects of one run. They must outlive the classifiers that they make, because `custom_logits` of a
// classifier may call one of them.
class Stages {
 public:
  // Creates the plugin objects. Throws PluginError.
  Stages(const config::Experiment& experiment, const Support& support, const runtime::RunContext& run);

  // Without a selector, `select` keeps every channel. Each throws PluginError; `select` also throws ConfigError when q
  // exceeds D.
  Channels select() const;
  Classifier relate(const Channels& channels) const;

  // Trains the first `heads` heads one after another, each from the classifier of the one before.
  Classifier train(const Channels& channels, const Classifier& start, std::size_t heads, const AfterHeads& after) const;

  std::size_t head_count() const { return heads_.size(); }

  // All logits [M, C] of the relation's classifier for each support image, as if the classifier had been made without
  // that image. Undefined when the relation cannot compute them. own_gain [M] float64: see relation.h.
  torch::Tensor relation_leave_one_out(const torch::Tensor& own_gain) const;

  // Whether the relation can restore the logits of a classifier, so that a file can hold the rest of it.
  bool can_restore(Classifier classifier) const;

  // The plugin that errors about the logits name, for the classifier that the first `heads` heads have trained.
  const std::string& plugin_label(std::size_t heads) const;

 private:
  const config::Experiment& experiment_;
  const Support& support_;
  std::optional<runtime::HostedPlugin<Selector>> selector_;
  runtime::HostedPlugin<Relation> relation_;
  std::deque<HeadStage> heads_;  // a deque, because they do not move
};

}  // namespace trefoil::pipeline
