// The terms of an example's logits that training does not change. They are computed from the classifier that training
// starts from.
#pragma once

#include <trefoil/classifier.h>

#include <cstdint>
#include <vector>

#include "examples.h"

namespace head_training {

// The form in which a head needs the cache logits.
enum class CacheTerms {
  none,       // not at all: only the logits of the texts
  in_logits,  // added to the logits of the texts
  by_class,   // one kernel sum per class
  by_key,     // one kernel value per key
};

// The terms of n rows. A tensor that the CacheTerms do not ask for is undefined.
struct FixedTerms {
  torch::Tensor logits;        // [n, C]  s · f textᵀ + bias; for CacheTerms::in_logits plus the cache logits
  torch::Tensor inverse_norm;  // [n]     1 / ‖f'‖ if the classifier renormalises, else 1
  torch::Tensor log_factor;    // [n, C]  see class_sums.h
  torch::Tensor sum;           // [n, C]  weighted kernel sums, see class_sums.h
  torch::Tensor kernel;        // [n, M]  kernel values, see class_sums.h

  FixedTerms narrow(std::int64_t first, std::int64_t count) const;
  std::int64_t bytes() const;
};

// Computes the terms. `examples` must outlive this object.
class FixedTermsSource {
 public:
  // masked: an image does not see its own key (own_keys.h). At most `workers` threads call `compute`.
  FixedTermsSource(const trefoil::Classifier& start, const Examples& examples, CacheTerms cache_terms, bool masked,
                   int workers);

  // Returns uninitialised tensors for n rows.
  FixedTerms allocate(std::int64_t rows) const;

  // Computes the terms of `rows` into the first rows.count rows of `target`. Different workers may call it at the same
  // time.
  void compute(const Rows& rows, const FixedTerms& target, int worker) const;

  torch::ScalarType type() const { return start_.text.scalar_type(); }

 private:
  // Memory that a worker uses again for each call.
  struct Scratch {
    torch::Tensor features;    // [kBlock, D]
    torch::Tensor kept;        // [kBlock, Q]
    torch::Tensor affinity;    // [kBlock, M]
    torch::Tensor log_factor;  // [kBlock, C]
    torch::Tensor sum;         // [kBlock, C]
  };

  bool has_cache() const { return cache_terms_ != CacheTerms::none; }
  void compute_text(const torch::Tensor& features, const FixedTerms& part) const;
  void compute_cache(const Rows& rows, const torch::Tensor& kept, const FixedTerms& part, const Scratch& scratch) const;

  trefoil::Classifier start_;
  const Examples& examples_;
  CacheTerms cache_terms_;
  torch::Tensor weight_;  // [M]
  torch::Tensor gain_;    // [M], see own_keys.h; undefined if nothing is masked
  std::vector<Scratch> scratch_;
};

}  // namespace head_training
