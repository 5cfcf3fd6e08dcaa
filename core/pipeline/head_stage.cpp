#include "pipeline/head_stage.h"

namespace trefoil::pipeline {

HeadStage::HeadStage(const runtime::PluginChoice& head, const runtime::RunContext& run) : head_(head, run) {}

Classifier HeadStage::train(const Support& support, const Channels& channels, const Classifier& start,
                            const Classifier* similar) const {
  return head_.plugin.call("train", [&](const Head& head) {
    Classifier trained =
        similar != nullptr ? head.retrain(*similar, start, support, channels) : head.train(start, support, channels);
    runtime::check_classifier(trained, support, plugin_label());
    return trained;
  });
}

torch::Tensor HeadStage::leave_one_out(const Support& support, const Channels& channels,
                                       const Classifier& start) const {
  return head_.plugin.call("leave_one_out", [&](const Head& head) {
    torch::Tensor logits = head.leave_one_out(start, support, channels);
    if (logits.defined()) {
      runtime::check_logits(logits, support.image_count(), support.class_count(), plugin_label());
    }
    return logits;
  });
}

}  // namespace trefoil::pipeline
