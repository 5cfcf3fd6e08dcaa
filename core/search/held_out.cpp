#include "search/held_out.h"

#include <ATen/ops/ones.h>
#include <ATen/ops/tensor.h>

#include <algorithm>
#include <utility>

#include "base/errors.h"

namespace trefoil::search {

namespace {

torch::Tensor as_tensor(const Rows& rows) { return at::tensor(rows, torch::kLong); }

// Whether leaving out image m is the same as masking key m: nothing else in the classifier was computed from images.
bool can_be_masked(const Classifier& classifier, const Support& support) {
  if (classifier.custom_logits || classifier.bias.defined() || classifier.weight.defined() ||
      classifier.values.defined()) {
    return false;
  }
  if (!classifier.text.equal(support.text)) return false;
  return classifier.key_count() == 0 ||
         (classifier.key_count() == support.image_count() && classifier.labels.equal(support.labels));
}

// The classifier with its texts only, for sets whose base logits are complete.
Classifier without_cache(Classifier classifier) {
  classifier.keys = classifier.labels = classifier.values = classifier.weight = classifier.divergence = torch::Tensor();
  classifier.custom_logits = nullptr;
  return classifier;
}

Rows all_rows(const std::vector<Rows>& folds) {
  Rows rows;
  for (const Rows& fold : folds) rows.insert(rows.end(), fold.begin(), fold.end());
  return rows;
}

std::shared_ptr<const data::Queries> images_as_queries(const Support& support, const Rows& rows) {
  const torch::Tensor index = as_tensor(rows);
  const std::shared_ptr<const formats::Array> images = formats::array_of(support.images.index_select(0, index));
  const std::shared_ptr<const formats::Array> labels = formats::array_of(support.labels.index_select(0, index));
  return std::make_shared<data::Queries>(images, "the support images", labels, "their labels", support.width(),
                                         support.class_count());
}

std::shared_ptr<const data::Queries> split_of(const data::Task& task, const std::string& objective) {
  const bool validates = objective == "val";
  std::shared_ptr<const data::Queries> queries = validates ? task.validation : task.query;
  if (queries == nullptr || !queries->labelled() || queries->count() == 0) {
    throw DataError(std::string("search.objective = ") +
                    (validates ? "\"val\" needs a validation split with labels: set data.val and data.val_labels; in "
                                 "layout \"coop\", data.val_shots"
                               : "\"test\" needs the labels of the queries"));
  }
  return queries;
}

}  // namespace

std::int64_t HeldOut::bytes() const {
  std::size_t bytes = 0;
  for (const torch::Tensor& tensor : {classifier.text, classifier.bias, classifier.keys, classifier.values,
                                      classifier.weight, classifier.divergence, base_logits}) {
    if (tensor.defined()) bytes += tensor.nbytes();
  }
  return static_cast<std::int64_t>(bytes);
}

HeldOutSets::HeldOutSets(PhaseStarts& starts, SharedExperiment setting, bool may_mask)
    : starts_(starts), setting_(std::move(setting)) {
  const std::size_t heads = starts_.phase().heads;
  if (heads > 0) {
    const auto& choice = setting_->plugins_of(PluginKind::head).at(heads - 1);
    head_ = std::make_shared<const pipeline::HeadStage>(choice, starts_.run());
  }
  const std::string& objective = setting_->search->parameters.text("objective");
  if (objective == "loo") {
    way_ = may_mask ? loo_way() : Way::folds_trained;
  } else {
    split_ = split_of(starts_.task(), objective);
  }
}

HeldOutSets::Way HeldOutSets::loo_way() {
  const data::Task& task = starts_.task();
  const SearchPhase phase = starts_.phase();
  const std::shared_ptr<const Start> whole = starts_.whole(setting_);
  const bool one_by_one = !task.given_text.defined() && !have_equal_rows(starts_.folds(), task.support);
  if (one_by_one && asks_relation()) {
    base_logits_ = whole->stages->relation_leave_one_out(gain(task.support.labels).to(torch::kDouble));
    base_is_complete_ = base_logits_.defined();
  } else if (phase.heads == 1) {
    base_logits_ = head_->leave_one_out(whole->support, whole->channels, whole->related);
  }
  const bool has_logits = phase.is_relation() || base_logits_.defined();
  const bool masked = base_is_complete_ || (one_by_one && has_logits && can_be_masked(whole->related, task.support));
  if (!masked) return Way::folds_trained;
  whole_ = whole;
  return selects_for_each_fold(*setting_) && !base_is_complete_ ? Way::folds_masked : Way::all_masked;
}

// Whether the relation may compute the leave-one-out logits itself. It computes them for one setting of α, β and γ.
bool HeldOutSets::asks_relation() const {
  const auto& axes = setting_->search->axes;
  return starts_.phase().is_relation() && std::none_of(axes.begin(), axes.end(), [](const config::SearchAxis& axis) {
           return config::is_cache_hyperparameter(axis.key);
         });
}

std::size_t HeldOutSets::count() const {
  if (way_ == Way::split) return 1;
  const std::size_t folds = starts_.folds().size();
  return way_ == Way::all_masked ? std::min<std::size_t>(folds, 1) : folds;
}

std::int64_t HeldOutSets::queries(std::size_t number) const {
  if (way_ == Way::split) return split_->count();
  const auto& folds = starts_.folds();
  return static_cast<std::int64_t>(way_ == Way::all_masked ? all_rows(folds).size() : folds.at(number).size());
}

HeldOut HeldOutSets::make(std::size_t number, const Classifier* similar) const {
  switch (way_) {
    case Way::split:
      return split_set();
    case Way::all_masked:
      return masked_set(all_rows(starts_.folds()),
                        base_is_complete_ ? without_cache(whole_->related) : whole_->related);
    case Way::folds_masked:
      return masked_set(starts_.folds().at(number),
                        whole_->stages->relate(starts_.without_fold(number, setting_)->channels));
    case Way::folds_trained:
      return trained_set(number, similar);
  }
  return {};
}

HeldOut HeldOutSets::split_set() const {
  const std::shared_ptr<const Start> start = starts_.whole(setting_);
  HeldOut set;
  set.classifier = trained(start, nullptr, set);
  set.queries = split_;
  return set;
}

// A set of these support images. Each is masked among the keys of `classifier`, if it has any.
HeldOut HeldOutSets::masked_set(const Rows& rows, Classifier classifier) const {
  const Support& support = starts_.task().support;
  const torch::Tensor index = as_tensor(rows);
  HeldOut set;
  set.classifier = std::move(classifier);
  set.plugin_label = head_ ? head_->plugin_label() : whole_->stages->plugin_label(0);
  set.queries = images_as_queries(support, rows);
  set.start = whole_;
  if (base_logits_.defined()) set.base_logits = base_logits_.index_select(0, index).to(torch::kFloat);
  if (set.classifier.key_count() > 0) {
    set.own_key = index;
    set.own_gain = gain(support.labels.index_select(0, index));
  }
  return set;
}

// A set of the images of a fold. Its classifier is made of the other images.
HeldOut HeldOutSets::trained_set(std::size_t fold, const Classifier* similar) const {
  HeldOut set;
  set.classifier = trained(starts_.without_fold(fold, setting_), similar, set);
  set.queries = images_as_queries(starts_.task().support, starts_.folds().at(fold));
  return set;
}

// Returns the classifier of this phase, and notes in the set what it was made from.
Classifier HeldOutSets::trained(const std::shared_ptr<const Start>& start, const Classifier* similar,
                                HeldOut& set) const {
  set.start = start;
  set.plugin_label = start->stages->plugin_label(0);
  if (!head_) return start->classifier;
  set.head = head_;
  set.plugin_label = head_->plugin_label();
  return head_->train(start->support, start->channels, start->classifier, similar);
}

// For each label, n / (n − 1), where its class has n images; 1 without `balance`, or if n is 1.
torch::Tensor HeldOutSets::gain(const torch::Tensor& labels) const {
  if (!setting_->search->parameters.boolean("balance")) return torch::ones({labels.size(0)});
  const Support& support = starts_.task().support;
  const torch::Tensor counts =
      class_counts(support.labels, support.class_count()).to(torch::kFloat).index_select(0, labels);
  return counts / (counts - 1).clamp_min(1);
}

}  // namespace trefoil::search
