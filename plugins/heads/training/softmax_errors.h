// The cross-entropy of rows of logits, and its derivatives.
#pragma once

#include <trefoil/tensor.h>

namespace head_training {

// Replaces logits [n, C], float32 or float64, by share · (softmax − onehot(label)), in place. labels [n] are int64. The
// rows of both are contiguous. Returns Σ −log softmax[label] over the rows.
double softmax_errors(const torch::Tensor& logits, const torch::Tensor& labels, double share);

}  // namespace head_training
