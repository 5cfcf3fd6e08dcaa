#include "search/phase_starts.h"

#include <ATen/ops/ones.h>

#include <utility>

#include "data/support_set.h"

namespace trefoil::search {

namespace {

// For each key of `part`: the number of keys that its class has in `whole`, divided by the number that it has in
// `part`.
torch::Tensor key_ratio(const Classifier& whole, const Classifier& part) {
  const torch::Tensor before = class_counts(whole.labels, whole.class_count()).to(torch::kFloat);
  const torch::Tensor after = class_counts(part.labels, part.class_count()).to(torch::kFloat);
  return (before / after).index_select(0, part.labels);
}

// Multiplies the weights of the keys of `part` by their ratio, if the classifier has weights.
Classifier balanced(Classifier part, const Classifier& whole) {
  if (part.key_count() == 0 || part.custom_logits || part.values.defined()) return part;
  const torch::Tensor weight = part.weight.defined() ? part.weight : torch::ones({part.key_count()});
  part.weight = weight * key_ratio(whole, part);
  return part;
}

}  // namespace

PhaseStarts::PhaseStarts(const data::Task& task, SearchPhase phase, const pipeline::AfterHeads& after,
                         const runtime::RunContext& run, std::int64_t most_folds)
    : task_(task),
      phase_(phase),
      after_(after),
      run_(run),
      folds_(search::folds(task.support, task.estimated, most_folds)),
      without_fold_(folds_.size()) {}

std::shared_ptr<const Start> PhaseStarts::whole(const SharedExperiment& setting) {
  if (phase_.is_relation()) return make_whole(setting);
  if (!whole_) whole_ = make_whole(setting);
  return whole_;
}

std::shared_ptr<const Start> PhaseStarts::without_fold(std::size_t fold, const SharedExperiment& setting) {
  if (phase_.is_relation()) return make_without_fold(fold, setting);
  std::shared_ptr<const Start>& kept = without_fold_.at(fold);
  if (!kept) kept = make_without_fold(fold, setting);
  return kept;
}

std::shared_ptr<const Start> PhaseStarts::make_whole(const SharedExperiment& setting) const {
  auto start = std::make_shared<Start>();
  start->setting = setting;
  start->support = task_.support;
  start->stages.emplace(*setting, start->support, run_);
  start->channels = start->stages->select();
  start->related = start->stages->relate(start->channels);
  start->classifier = before_head(*start, start->related);
  return start;
}

std::shared_ptr<const Start> PhaseStarts::make_without_fold(std::size_t fold, const SharedExperiment& setting) {
  const std::shared_ptr<const Start> all = whole(setting);
  auto start = std::make_shared<Start>();
  start->setting = setting;
  start->support = reduced_support(folds_.at(fold));
  start->stages.emplace(*setting, start->support, run_);
  start->channels = selects_for_each_fold(*setting) ? start->stages->select() : all->channels;
  start->related = start->stages->relate(start->channels);
  if (setting->search->parameters.boolean("balance")) start->related = balanced(start->related, all->related);
  start->classifier = before_head(*start, start->related);
  return start;
}

// The support without these rows. Texts that were estimated from images are estimated again.
Support PhaseStarts::reduced_support(const Rows& rows) const {
  Support reduced = without(task_.support, rows);
  if (task_.given_text.defined()) {
    reduced.text = task_.given_text;
    data::fill_missing_text(reduced, task_.class_names, task_.estimated);
  }
  return reduced;
}

Classifier PhaseStarts::before_head(const Start& start, const Classifier& related) const {
  if (phase_.heads < 2) return related;
  return start.stages->train(start.channels, related, phase_.heads - 1, after_);
}

bool selects_for_each_fold(const config::Experiment& setting) {
  return setting.plugin(PluginKind::selector) != nullptr && setting.search->parameters.boolean("loo_selection");
}

}  // namespace trefoil::search
