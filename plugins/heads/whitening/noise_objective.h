// The loss that `whitened` minimises, and without noise also `logistic`, and its gradient.
#pragma once

#include <trefoil/tensor.h>

#include "../../shared/workers.h"

namespace whitening {

// Examples i with labels y_i, and the start of the training in whitened channels. M examples, C classes, D channels.
// Float tensors have one type.
struct Problem {
  torch::Tensor features;  // [M, D]  Φ = (x − g) T
  torch::Tensor labels;    // [M]     int64, ascending
  torch::Tensor logits;    // [M, C]  logits of the examples before training
  torch::Tensor start;  // [C, D]  U₀ = s W T⁻¹, so that Σ-products of all class weights need no other matrix; [C, 0]
                        //         without noise
  torch::Tensor trained;  // [C]     1 for the classes whose rows of R are trained; 0 for the others, which keep 0
  double scale = 10;      // factor of R in the logits
  double ridge = 0.3;     // λ
  double noise = 1;       // ν
  double variance = 1;    // t
  double example_weight = 1;
  std::int64_t free_columns = 0;  // the last columns of Φ and R that have no penalty
};

// The loss of R [C, D], from method "whitened logistic regression with feature noise": the closed-form upper bound of
// the expected cross-entropy under normal feature noise within classes (ISDA: Wang et al., NeurIPS 2019).
//   z  = logits + scale · Φ Rᵀ,  U = U₀ + scale · R,  G = t U Uᵀ
//   u_ij = z_ij + ν/2 G_jj − ν G_{y_i j}
//   loss = weight · Σ_i −log softmax(u_i)[y_i] + λ/2 ‖R‖², without the free columns in the norm
// It is convex in R. One evaluation takes 4 M C D + 4 C² D floating-point operations, without the second term for ν =
// 0.
class NoiseObjective {
 public:
  // `workers` must outlive this object.
  NoiseObjective(Problem problem, parallel::Workers& workers);

  // Returns the loss and writes its gradient [C, D].
  double evaluate(const torch::Tensor& residual, const torch::Tensor& gradient);

 private:
  void multiply_weights(const torch::Tensor& weights);
  double compute_errors(const torch::Tensor& residual);
  void sum_errors_by_class();
  torch::Tensor penalised(const torch::Tensor& residual) const;
  void compute_gradient(const torch::Tensor& residual, const torch::Tensor& weights, const torch::Tensor& gradient);

  Problem problem_;
  parallel::Workers& workers_;
  std::vector<std::int64_t> class_begin_;  // [C + 1] the first example of each class
  torch::Tensor products_;                 // [C, C]  G
  torch::Tensor errors_;                   // [M, C]  weight · (softmax(u) − onehot(y))
  torch::Tensor product_gradient_;         // [C, C]  A = dloss/dG
  std::vector<double> losses_;             // of each block of examples
};

}  // namespace whitening
