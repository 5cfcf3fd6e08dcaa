// A residual r_c for each class c, added to its text and, if the cache is to follow, to its keys:
//
//   logits_c = s · f·(W_c + r_c) + bias_c + α Σ_{m of c} v_m exp(−β (1 − f'·(F'_m + r_c)))
//
// Since a class's keys all get the same residual, exp(β f'·r_c) is a factor of the whole sum: with the v_m fixed, no
// step needs to look at keys one by one. A prime means: in the selected channels, and of unit length if `renormalise`.
#pragma once

#include <optional>
#include <vector>

#include "adamw.h"
#include "evidence_store.h"
#include "objective.h"

namespace trefoil::training {

class ResidualObjective final : public Objective {
 public:
  struct Options {
    // text: `start` has no cache. logits: its cache does not get the residual. sums: it does, the v_m are the effective
    // weights. kernels: it does, and the v_m, which are start.weight [M], are trained in place.
    Detail detail = Detail::text;
    bool masked = true;
    double weight_decay = 0;  // of the v_m
    double epsilon = 0;       // likewise
    std::int64_t evidence_bytes = kEvidenceBytes;
  };

  ResidualObjective(const Classifier& start, const Examples& examples, const Options& options, Workers& workers);

  double differentiate(const Rows& rows, const torch::Tensor& product, int worker) override;
  void step(double rate, std::int64_t batch) override;

 private:
  template <typename Scalar>
  double differentiate_rows(const Rows& rows, const torch::Tensor& product, int worker);

  Classifier start_;
  const Examples& examples_;  // outlive this
  EvidenceStore evidence_;
  std::vector<torch::Tensor> scratch_;  // of each worker, [3, C]
  std::optional<AdamW> weights_;        // only for Detail::kernels, likewise the next two
  torch::Tensor weight_gradients_;      // [tasks of a batch, M]
  torch::Tensor weight_gradient_;       // [M], their sum
};

}  // namespace trefoil::training
