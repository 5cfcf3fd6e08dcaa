// PhaseStarts: what the settings of one phase of the search begin with, made from all support images or without a fold.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

#include "config/experiment.h"
#include "data/task.h"
#include "pipeline/stages.h"
#include "search/folds.h"
#include "trefoil/channels.h"
#include "trefoil/classifier.h"
#include "trefoil/support.h"

namespace trefoil::search {

// A search first evaluates the classifier of the relation, then the classifier after each head, and at last the adapted
// classifier.
struct SearchPhase {
  std::size_t heads = 0;  // how many heads have trained the classifier; 0: the relation's classifier
  bool is_last = true;    // whether no further head follows
  bool adapts = false;    // whether the classifier is then adapted to the held-out queries

  bool is_relation() const { return heads == 0 && !adapts; }
};

// An experiment with the values of one setting of the searched parameters.
using SharedExperiment = std::shared_ptr<const config::Experiment>;

// A support, and the classifiers that were made from it.
struct Start {
  SharedExperiment setting;
  Support support;
  std::optional<pipeline::Stages> stages;  // of the setting and the support
  Channels channels;
  Classifier related;     // the relation's classifier
  Classifier classifier;  // the classifier that the head of the phase trains; `related` in the phase of the relation
};

// The settings of a head's phase share their starts, which are made when they are needed first. In the phase of the
// relation, each setting has a selector and a relation of its own, so it has starts of its own.
class PhaseStarts {
 public:
  // `after` has the values that earlier phases have chosen for the classifiers of the heads before. All arguments must
  // outlive this object.
  PhaseStarts(const data::Task& task, SearchPhase phase, const pipeline::AfterHeads& after,
              const runtime::RunContext& run, std::int64_t most_folds = kMostFolds);

  const data::Task& task() const { return task_; }
  SearchPhase phase() const { return phase_; }
  const runtime::RunContext& run() const { return run_; }
  const std::vector<Rows>& folds() const { return folds_; }

  // Made from all support images. Throws PluginError, ConfigError.
  std::shared_ptr<const Start> whole(const SharedExperiment& setting);

  // Made from the support images that are not in this fold. With `balance`, the keys weigh more, to make up for those
  // that are left out. `select_again`: the channels are selected without the fold. Throws PluginError, ConfigError.
  std::shared_ptr<const Start> without_fold(std::size_t fold, const SharedExperiment& setting);

 private:
  std::shared_ptr<const Start> make_whole(const SharedExperiment& setting) const;
  std::shared_ptr<const Start> make_without_fold(std::size_t fold, const SharedExperiment& setting);
  Support reduced_support(const Rows& rows) const;
  Classifier before_head(const Start& start, const Classifier& related) const;

  const data::Task& task_;
  SearchPhase phase_;
  const pipeline::AfterHeads& after_;
  const runtime::RunContext& run_;
  std::vector<Rows> folds_;
  std::shared_ptr<const Start> whole_;                      // in the phase of a head
  std::vector<std::shared_ptr<const Start>> without_fold_;  // in the phase of a head
};

// Whether search.loo_selection applies: the channels of a fold are selected without its images.
bool selects_for_each_fold(const config::Experiment& setting);

}  // namespace trefoil::search
