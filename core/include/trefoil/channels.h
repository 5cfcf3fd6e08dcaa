/// @file
/// Channels: which of the D feature channels were kept, and the scores that decided it.
#pragma once

#include <cstdint>

#include "trefoil/tensor.h"

namespace trefoil {

/// What became of the channels: the scores of a selector, and the channels that keep_best() kept by them. Tensors are
/// contiguous and on the CPU.
struct Channels {
  torch::Tensor index;  ///< [Q] int64, the kept channels, best first
  torch::Tensor score;  ///< [D] float64, larger is better

  std::int64_t kept() const { return index.size(0); }   ///< Q
  std::int64_t width() const { return score.size(0); }  ///< D
  bool all() const { return kept() == width(); }        ///< whether none was dropped
};

/// The q channels of largest score: score [D], of any floating type, finite; 1 <= q <= D. Of equal scores, the lower
/// channel first. Throws std::invalid_argument naming D when q is out of range.
Channels keep_best(const torch::Tensor& score, std::int64_t q);

/// rows [n, D] restricted to the kept channels -> [n, Q], in the order of `index`: a new tensor of the rows' type.
/// Where they lack a column, LibTorch throws c10::Error.
torch::Tensor restrict_to(const torch::Tensor& rows, const Channels& channels);

}  // namespace trefoil
