#include "search/final_sets.h"

#include <memory>

namespace trefoil::search {

FinalSets::FinalSets(const config::Experiment& experiment, const data::Task& task, const pipeline::AfterHeads& after,
                     const runtime::RunContext& run, bool may_mask, std::int64_t most_folds)
    : progress_(run.observer), run_{run.seed, progress_, unused_metrics_, run.sums, run.threads} {
  const SearchPhase phase{experiment.plugins_of(PluginKind::head).size(), true};
  PhaseStarts starts(task, phase, after, run_, most_folds);
  const HeldOutSets plan(starts, std::make_shared<const config::Experiment>(experiment), may_mask);
  progress_.begin_stage("held-out images");
  progress_.expect(static_cast<double>(plan.count() + 1));
  for (std::size_t number = 0; number < plan.count(); ++number) {
    progress_.begin_part(1);
    sets_.push_back(plan.make(number));
    if (phase.is_relation() || after.size() < phase.heads || !after[phase.heads - 1]) continue;
    Classifier& classifier = sets_.back().classifier;
    classifier.alpha = after[phase.heads - 1]->alpha;
    classifier.beta = after[phase.heads - 1]->beta;
    classifier.gamma = after[phase.heads - 1]->gamma;
  }
  progress_.begin_part(1);
}

std::int64_t FinalSets::queries() const {
  std::int64_t count = 0;
  for (const HeldOut& set : sets_) count += set.queries->count();
  return count;
}

Progress FinalSets::on_step() const {
  return [this](std::int64_t done, std::int64_t total) { progress_.evaluated(done, total); };
}

}  // namespace trefoil::search
