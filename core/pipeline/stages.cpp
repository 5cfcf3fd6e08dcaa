#include "pipeline/stages.h"

namespace trefoil::pipeline {

Stages::Stages(const config::Experiment& experiment, const Support& support, const RunContext& run)
    : experiment_(experiment),
      support_(support),
      selector_(experiment.selector, run),
      relation_(experiment.relation, run),
      head_(experiment.head, run) {}

Channels Stages::select() const {
  const std::int64_t width = support_.width();
  const std::int64_t q = experiment_.q.value_or(width);
  if (q > width) {
    config::Diagnostics diagnostics;
    diagnostics.error(experiment_.q_origin,
                      "'selector.q' is " + std::to_string(q) +
                          ", but the features have only D = " + std::to_string(width) + " channels",
                      "choose q from 1 to " + std::to_string(width));
    diagnostics.throw_if_any();
  }
  return selector_.plugin.call("score", [&](const Selector& selector) {
    const torch::Tensor score = selector.score(support_);
    plugins::check_score(score, width, selector_.plugin.described());
    return keep_best(score, q);
  });
}

Classifier Stages::relate(const Channels& channels) const {
  return relation_.plugin.call("relate", [&](const Relation& relation) {
    Classifier classifier = relation.relate(support_, channels);
    plugins::check_classifier(classifier, support_, relation_.plugin.described());
    return classifier;
  });
}

Classifier Stages::train(const Channels& channels, const Classifier& start) const {
  return head_.plugin.call("train", [&](const Head& head) {
    Classifier classifier = head.train(start, support_, channels);
    plugins::check_classifier(classifier, support_, head_.plugin.described());
    return classifier;
  });
}

torch::Tensor Stages::leave_one_out(const Channels& channels, const Classifier& start) const {
  return head_.plugin.call("leave_one_out", [&](const Head& head) {
    torch::Tensor logits = head.leave_one_out(start, support_, channels);
    if (logits.defined()) {
      plugins::check_logits(logits, support_.image_count(), support_.class_count(), head_.plugin.described());
    }
    return logits;
  });
}

const std::string& Stages::maker() const {
  return config::has_head(experiment_) ? head_.plugin.described() : relation_maker();
}

}  // namespace trefoil::pipeline
