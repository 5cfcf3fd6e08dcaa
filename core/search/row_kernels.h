// The memory layout of classes and keys in the search, and the inner loops over it, which handle one query. The arrays
// of classes and of keys are padded to multiples of simd::kWidth elements.
#pragma once

#include <cstdint>
#include <vector>

#include "search/loss_grid.h"

namespace trefoil::search {

// Where the keys of a KeyLayout lie.
struct Slots {
  const std::int64_t* starts;   // [count], position of the first key of each slot
  const std::int64_t* lengths;  // [count], padded number of keys in each slot, not ascending
  std::int64_t count;
};

// Positions of classes and keys. Classes are sorted by their number of keys, most first. Keys are stored in slots: the
// first key of every class, then the second key of every class that has two, and so on. Within a slot, keys are in the
// order of the classes, so that the loop that sums the keys of each class runs along the classes.
class KeyLayout {
 public:
  // labels [M] has the class of each key, in [0, class_count).
  KeyLayout(const std::vector<std::int64_t>& labels, std::int64_t class_count);

  std::int64_t padded_classes() const { return padded_classes_; }
  std::int64_t padded_keys() const { return padded_keys_; }                              // with the gaps of all slots
  const std::vector<std::int64_t>& class_positions() const { return class_positions_; }  // [C]
  const std::vector<std::int64_t>& key_positions() const { return key_positions_; }      // [M]
  Slots slots() const;

 private:
  std::int64_t padded_classes_ = 0;
  std::int64_t padded_keys_ = 0;
  std::vector<std::int64_t> class_positions_;
  std::vector<std::int64_t> key_positions_;
  std::vector<std::int64_t> slot_starts_;
  std::vector<std::int64_t> slot_lengths_;
};

// affinity[i] = exp(β (similarity[i] − 1)), for `count` padded keys.
void affinities(const float* similarity, float beta, std::int64_t count, float* affinity);

// cache_logits[c] = Σ affinity · weight over the keys of class c. `classes` is padded here and below.
void sum_by_class(const float* affinity, const float* weight, const Slots& slots, std::int64_t classes,
                  float* cache_logits);

// The interval of α on which base + α · cache_logits is largest at the position `own`: the intersection of one
// half-line for each other class. base [classes] has the logits without the cache.
RightInterval right_interval(const float* base, const float* cache_logits, std::int64_t classes, std::int64_t own);

// The loss of the logits base + α · cache_logits, for Metric::brier and Metric::nll. The padding of `base` must be so
// low that its softmax is 0.
float soft_loss(const float* base, const float* cache_logits, float alpha, std::int64_t classes, std::int64_t own,
                Metric metric);

// α = first + i · step for i = 0 … count − 1.
struct AlphaSteps {
  float first;
  float step;
  std::int64_t count;
};

// Writes the losses [count] of these values of α. From one α to the next, the exponential of each logit changes by a
// constant factor, so most steps need one multiplication for each class instead of an exponential. The relative error
// of the probabilities is below 1e-5. `ratios` [classes] is memory that it uses.
void soft_losses(const float* base, const float* cache_logits, const AlphaSteps& alphas, std::int64_t classes,
                 std::int64_t own, Metric metric, float* ratios, float* losses);

}  // namespace trefoil::search
