// Objective of training the keys, as in Tip-Adapter-F (Zhang et al., ECCV 2022):
//
//   logits = s · f textᵀ + bias + α · Σ_m  v_m · exp(−β (1 − f'·key_m)) · onehot(label_m)
#pragma once

#include <vector>

#include "fixed_terms_store.h"
#include "objective.h"

namespace head_training {

// The trained matrix is the classifier's keys [M, Q].
class KeyObjective final : public Objective {
 public:
  // `examples` must outlive this object.
  KeyObjective(const trefoil::Classifier& start, const Examples& examples, bool masked, parallel::Workers& workers,
               std::int64_t fixed_terms_bytes = kFixedTermsBytes);

  double differentiate(const Rows& rows, const torch::Tensor& product, int worker) override;
  void step(double /*rate*/, std::int64_t /*batch*/) override {}

 private:
  template <typename Scalar>
  double differentiate_rows(const Rows& rows, const torch::Tensor& product, int worker);

  trefoil::Classifier start_;
  const Examples& examples_;
  FixedTermsStore fixed_terms_;
  torch::Tensor weight_;                // [M] α v_m
  torch::Tensor gain_;                  // [M], see own_keys.h; undefined if nothing is masked
  std::vector<torch::Tensor> scratch_;  // [C] for each worker
};

}  // namespace head_training
