// Trials: an experiment's classifier on queries that it has not learnt from.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <optional>
#include <vector>

#include "pipeline/stages.h"
#include "search/trial.h"

namespace trefoil::search {

// The support of one training, and the plugins of it. They outlive the classifiers that came of them.
struct Training {
  Support support;
  std::optional<pipeline::Stages> stages;
};

struct TrialSet {
  std::deque<Training> trainings;  // a deque: its elements stay where they are
  std::vector<Trial> trials;
};

// Which part of the method is judged: the relation's classifier, or what the head makes of it.
enum class Part { relation, head };

using AtTraining = std::function<void(std::size_t number, std::size_t count)>;

// Trials for one setting of the parameters, as `experiment` has them, by its search.objective. The validation split and
// the test set are one trial each. Leaving out one image at a time (loo) takes
//   · one trial of all support images when each can be masked among the keys of a single classifier, or one for each
//   fold
//     when the channels are to be selected without the images that are left out (`loo_selection`);
//   · one trial for each fold, with classifiers made of the other images, when a head has to be trained, or when a
//     relation's keys are not the support images.
// Throws PluginError; DataError when the objective needs data that is not there.
// Calls at_training(number, count) before each of its `count` trainings.
TrialSet make_trials(const config::Experiment& experiment, const data::Task& task, Part part,
                     const runtime::RunContext& run, const AtTraining& at_training);

}  // namespace trefoil::search
