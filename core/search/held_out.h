// Held-out sets: classifiers of an experiment, each with labelled queries that it has not learnt from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "search/phase_starts.h"

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

  // The classifier may call the plugins that made it. These pointers keep the plugins alive.
  std::shared_ptr<const Start> start = nullptr;
  std::shared_ptr<const pipeline::HeadStage> head = nullptr;  // or nullptr

  // Whether the classifier must compute all logits for each setting, because the kernel cannot: it has code of a plugin
  // or dense values.
  bool needs_all_logits() const { return classifier.custom_logits || classifier.values.defined(); }

  // The memory of the tensors that this set does not share with the support.
  std::int64_t bytes() const;
};

// The held-out sets of one setting of a phase, as search.objective says. "val" and "test" give one set. Leave-one-out
// ("loo") gives:
// - one set of all support images with complete base logits and no keys, if the relation computes leave-one-out logits
//   itself, none of α, β and γ is searched, and no two rows are equal;
// - one set of all support images, if each image can be masked among the keys of a single classifier and no two rows
//   are equal; with `loo_selection`, one such set for each fold, with channels selected without the images of the fold;
// - otherwise, one set for each fold, with a classifier made of the other images. This happens when a head has to be
//   trained, or when the keys of a relation are not the support images.
class HeldOutSets {
 public:
  // `starts` must outlive this object. Without `may_mask`, leave-one-out always trains without each fold. Throws
  // PluginError; DataError when the objective needs data that the task does not have.
  HeldOutSets(PhaseStarts& starts, SharedExperiment setting, bool may_mask = true);

  // The number of sets. It is 0 for leave-one-out without any fold.
  std::size_t count() const;

  // The number of queries of a set.
  std::int64_t queries(std::size_t number) const;

  // Makes a set. `similar`: the classifier of the same set for another setting of the same head, or nullptr. Throws
  // PluginError.
  HeldOut make(std::size_t number, const Classifier* similar = nullptr) const;

 private:
  enum class Way {
    split,          // the queries of a split
    all_masked,     // all images in folds, masked
    folds_masked,   // the images of one fold, masked
    folds_trained,  // the images of one fold, with a classifier made of the other images
  };

  Way loo_way();
  HeldOut split_set() const;
  HeldOut masked_set(const Rows& rows, Classifier classifier) const;
  HeldOut trained_set(std::size_t fold, const Classifier* similar) const;
  Classifier trained(const std::shared_ptr<const Start>& start, const Classifier* similar, HeldOut& set) const;
  torch::Tensor gain(const torch::Tensor& labels) const;
  bool asks_relation() const;

  PhaseStarts& starts_;
  SharedExperiment setting_;
  std::shared_ptr<const pipeline::HeadStage> head_;  // of the phase, with the values of the setting; or nullptr
  std::shared_ptr<const data::Queries> split_;
  std::shared_ptr<const Start> whole_;  // for masking
  torch::Tensor base_logits_;           // [M, C] of all support images, or undefined
  bool base_is_complete_ = false;       // whether the base logits count the cache already
  Way way_ = Way::split;
};

}  // namespace trefoil::search
