#include "pipeline/stages.h"

#include <ATen/ops/ones.h>

namespace trefoil::pipeline {

Stages::Stages(const config::Experiment& experiment, const Support& support, const runtime::RunContext& run)
    : experiment_(experiment), support_(support), relation_(experiment.plugins.at(PluginKind::relation).front(), run) {
  if (const auto* selector = experiment.plugin(PluginKind::selector)) selector_.emplace(*selector, run);
  for (const runtime::PluginChoice& head : experiment.plugins_of(PluginKind::head)) heads_.emplace_back(head, run);
}

Channels Stages::select() const {
  const std::int64_t width = support_.width();
  if (!selector_) return keep_best(torch::ones({width}), width);
  const std::int64_t q = experiment_.plugin(PluginKind::selector)->parameters.integer("q");
  if (q > width) {
    config::Diagnostics diagnostics;
    diagnostics.error(config::origin_of(experiment_, "selector.q"),
                      "'selector.q' is " + std::to_string(q) +
                          ", but the features have only D = " + std::to_string(width) + " channels",
                      "choose q from 1 to " + std::to_string(width));
    diagnostics.throw_if_any();
  }
  return selector_->plugin.call("score", [&](const Selector& selector) {
    const torch::Tensor score = selector.score(support_);
    runtime::check_score(score, width, selector_->plugin.label());
    return keep_best(score, q);
  });
}

Classifier Stages::relate(const Channels& channels) const {
  return relation_.plugin.call("relate", [&](const Relation& relation) {
    Classifier classifier = relation.relate(support_, channels);
    runtime::check_classifier(classifier, support_, relation_.plugin.label());
    return classifier;
  });
}

Classifier Stages::train(const Channels& channels, const Classifier& start, std::size_t heads,
                         const AfterHeads& after) const {
  Classifier classifier = start;
  for (std::size_t i = 0; i < heads; ++i) {
    classifier = heads_.at(i).train(support_, channels, classifier);
    if (i >= after.size() || !after[i]) continue;
    classifier.alpha = after[i]->alpha;
    classifier.beta = after[i]->beta;
    classifier.gamma = after[i]->gamma;
  }
  return classifier;
}

torch::Tensor Stages::relation_leave_one_out(const torch::Tensor& own_gain) const {
  return relation_.plugin.call("leave_one_out", [&](const Relation& relation) {
    torch::Tensor logits = relation.leave_one_out(support_, own_gain);
    if (logits.defined()) {
      runtime::check_logits(logits, support_.image_count(), support_.class_count(), relation_.plugin.label());
    }
    return logits;
  });
}

bool Stages::can_restore(Classifier classifier) const {
  if (!heads_.empty()) return false;  // a head may have other logits
  classifier.custom_logits = nullptr;
  return relation_.plugin.call("restore", [&](const Relation& relation) {
    relation.restore(classifier);
    return static_cast<bool>(classifier.custom_logits);
  });
}

const std::string& Stages::plugin_label(std::size_t heads) const {
  return heads == 0 ? relation_.plugin.label() : heads_.at(heads - 1).plugin_label();
}

}  // namespace trefoil::pipeline
