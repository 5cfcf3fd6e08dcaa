// HeadStage: one head of an experiment. It checks what the plugin returns.
#pragma once

#include <string>

#include "runtime/plugin_host.h"
#include "trefoil/channels.h"
#include "trefoil/classifier.h"
#include "trefoil/head.h"
#include "trefoil/support.h"

namespace trefoil::pipeline {

// It must outlive the classifiers that it trains, because their `custom_logits` may call the plugin. The functions
// throw PluginError.
class HeadStage {
 public:
  HeadStage(const runtime::PluginChoice& head, const runtime::RunContext& run);

  // `similar`: see Head::retrain; nullptr: train from `start` alone.
  Classifier train(const Support& support, const Channels& channels, const Classifier& start,
                   const Classifier* similar = nullptr) const;

  // The logits [M, C] for each support image by the texts and bias, as if the classifier had been trained without that
  // image. Undefined when the plugin cannot compute them.
  torch::Tensor leave_one_out(const Support& support, const Channels& channels, const Classifier& start) const;

  // Names the plugin in errors.
  const std::string& plugin_label() const { return head_.plugin.label(); }

 private:
  runtime::HostedPlugin<Head> head_;
};

}  // namespace trefoil::pipeline
