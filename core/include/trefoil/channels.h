/// @file
/// Channels: the feature channels that were selected, and the scores that the selection is based on.
#pragma once

#include <cstdint>

#include "trefoil/tensor.h"

namespace trefoil {

/// The result of a selection: a selector's scores, and the channels that keep_best() has kept. Tensors are contiguous
/// and on the CPU.
struct Channels {
  torch::Tensor index;  ///< [Q] int64, the kept channels, best first
  torch::Tensor score;  ///< [D] float64, scores; larger is better

  std::int64_t kept() const { return index.size(0); }   ///< Q, the number of kept channels
  std::int64_t width() const { return score.size(0); }  ///< D, the number of all channels
  bool all() const { return kept() == width(); }        ///< whether all channels were kept
};

/// Returns the q channels of the largest scores. `score` is [D], of any floating type, and finite; 1 <= q <= D. Of
/// equal scores, the lower channel comes first. Throws std::invalid_argument, which states D, if q is out of range.
Channels keep_best(const torch::Tensor& score, std::int64_t q);

/// Returns the kept columns [n, Q] of rows [n, D], in the order of `index`, as a new tensor of the same type. LibTorch
/// throws c10::Error if `rows` lacks one of the columns.
torch::Tensor restrict_to(const torch::Tensor& rows, const Channels& channels);

}  // namespace trefoil
