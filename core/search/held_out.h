// Held-out sets: classifiers of an experiment, each with labelled queries that it has not learnt from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "data/task.h"
#include "pipeline/stages.h"
#include "trefoil/classifier.h"
#include "trefoil/support.h"

namespace trefoil::search {

// Shapes: N queries, C classes.
struct HeldOut {
  Classifier classifier;                         // the search replaces its α, β and γ
  std::string plugin_label;                      // the plugin that errors about the logits name
  std::shared_ptr<const data::Queries> queries;  // labelled
  torch::Tensor base_logits;                     // [N, C], used instead of s · f textᵀ + bias; may be undefined

  // For leave-one-out by masking, where each query is also a key of the classifier. Both are defined, or none.
  torch::Tensor own_key;   // [N] int64, the key that is the query itself; it is left out of the query's logits
  torch::Tensor own_gain;  // [N] float32, factor on the cache logit of the query's class, to make up for that key

  // Whether the classifier must compute all logits for each setting, because the kernel cannot: it has code of a plugin
  // or dense values.
  bool needs_all_logits() const { return classifier.custom_logits || classifier.values.defined(); }
};

// The support of one training, and its plugins. They outlive the classifiers that they made.
struct Training {
  Support support;
  std::optional<pipeline::Stages> stages;
};

struct HeldOutSets {
  std::deque<Training> trainings;  // a deque, because its elements keep their addresses
  std::vector<HeldOut> sets;
};

// A search first evaluates the classifier of the relation, then the classifier after each head.
struct SearchPhase {
  std::size_t heads = 0;  // how many heads have trained the classifier; 0: the relation's classifier
  bool is_last = true;    // whether no further head follows

  bool is_relation() const { return heads == 0; }
};

// Called before training `number` (from 0) of `count`.
using OnTraining = std::function<void(std::size_t number, std::size_t count)>;

// Makes the held-out sets for the parameter values of `experiment`, as search.objective says. "val" and "test" give one
// set. Leave-one-out ("loo") gives:
// - one set of all support images with complete base logits and no keys, if the relation computes leave-one-out logits
//   itself, none of α, β and γ is searched, and no two rows are equal;
// - one set of all support images, if each image can be masked among the keys of a single classifier and no two rows
//   are equal; with `loo_selection`, one such set for each fold, with channels selected without the images of the fold;
// - otherwise, one set for each fold, with a classifier made of the other images. This happens when a head has to be
//   trained, or when the keys of a relation are not the support images.
// Throws PluginError; DataError when the objective needs data that the task does not have.
//
// `after` has the values that earlier phases have chosen for the classifiers of the heads before.
HeldOutSets make_held_out(const config::Experiment& experiment, const data::Task& task, SearchPhase phase,
                          const pipeline::AfterHeads& after, const runtime::RunContext& run,
                          const OnTraining& on_training);

}  // namespace trefoil::search
