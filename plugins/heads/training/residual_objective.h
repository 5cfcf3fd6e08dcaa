// Objective of training a residual r_c for each class c. It is added to the text of the class, and optionally to its
// keys:
//
//   logits_c = s · f·(W_c + r_c) + bias_c + α Σ_{m of c} v_m exp(−β (1 − f'·(F'_m + r_c)))
//
// All keys of a class get the same residual, so exp(β f'·r_c) is a factor of the whole sum. With fixed weights v_m, no
// step has to visit single keys. A prime means: restricted to the selected channels, and scaled to unit length if
// `renormalise` is set.
#pragma once

#include <optional>
#include <vector>

#include "adamw.h"
#include "fixed_terms_store.h"
#include "objective.h"

namespace head_training {

class ResidualObjective final : public Objective {
 public:
  struct Options {
    // none:      `start` has no cache
    // in_logits: the keys do not get the residual
    // by_class:  the keys get the residual; the v_m are the effective weights and stay fixed
    // by_key:    the keys get the residual; the v_m are start.weight [M], which is trained in place
    CacheTerms cache_terms = CacheTerms::none;
    bool masked = true;
    double weight_decay = 0;  // for the v_m
    double epsilon = 0;       // for the v_m
    std::int64_t fixed_terms_bytes = kFixedTermsBytes;
  };

  // `examples` must outlive this object.
  ResidualObjective(const trefoil::Classifier& start, const Examples& examples, const Options& options,
                    parallel::Workers& workers);

  double differentiate(const Rows& rows, const torch::Tensor& product, int worker) override;
  void step(double rate, std::int64_t batch) override;

 private:
  template <typename Scalar>
  double differentiate_rows(const Rows& rows, const torch::Tensor& product, int worker);

  trefoil::Classifier start_;
  const Examples& examples_;
  FixedTermsStore fixed_terms_;
  std::vector<torch::Tensor> scratch_;  // [3, C] for each worker

  // Set only for CacheTerms::by_key.
  std::optional<AdamW> weights_;
  torch::Tensor weight_gradients_;  // [tasks of a batch, M]
  torch::Tensor weight_gradient_;   // [M], their sum
};

}  // namespace head_training
