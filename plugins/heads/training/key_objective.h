// The keys themselves are trained, as in Tip-Adapter-F (Zhang et al., ECCV 2022):
//
//   logits = s · f textᵀ + bias + α · Σ_m  v_m · exp(−β (1 − f'·key_m)) · onehot(label_m)
#pragma once

#include <vector>

#include "evidence_store.h"
#include "objective.h"

namespace trefoil::training {

// The matrix is the classifier's keys [M, Q].
class KeyObjective final : public Objective {
 public:
  KeyObjective(const Classifier& start, const Examples& examples, bool masked, Workers& workers,
               std::int64_t evidence_bytes = kEvidenceBytes);

  double differentiate(const Rows& rows, const torch::Tensor& product, int worker) override;
  void step(double /*rate*/, std::int64_t /*batch*/) override {}

 private:
  template <typename Scalar>
  double differentiate_rows(const Rows& rows, const torch::Tensor& product, int worker);

  Classifier start_;
  const Examples& examples_;  // outlive this
  EvidenceStore evidence_;
  torch::Tensor weight_;                // [M] α v_m
  torch::Tensor gain_;                  // [M] of the own class; undefined if nothing is masked
  std::vector<torch::Tensor> scratch_;  // of each worker, [C]
};

}  // namespace trefoil::training
