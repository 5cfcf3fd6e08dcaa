/// @file
/// Support: what is known of the classes before any query is seen, namely a text feature per class and a few images.
#pragma once

#include <cstdint>

#include "trefoil/tensor.h"

namespace trefoil {

/// C classes, M support images ("shots", the rows of the cache), feature width D.
/// Classes may have different numbers of shots, or none. Tensors are contiguous, on the CPU, all of one floating type
/// (float32 in a run; tests also use float64). Every row has unit length, but for the text of a class that has neither
/// text nor images, which is all zeros.
struct Support {
  torch::Tensor text;     ///< [C, D]  one text feature per class (W)
  torch::Tensor images;   ///< [M, D]  the cache keys (F), sorted by class; M may be 0
  torch::Tensor labels;   ///< [M]     int64, the class of each row of `images`, ascending
  torch::Tensor views{};  ///< [V, M, D]  every augmented view of each image; undefined where only means are known

  std::int64_t class_count() const { return text.size(0); }    ///< C
  std::int64_t width() const { return text.size(1); }          ///< D
  std::int64_t image_count() const { return images.size(0); }  ///< M
};

/// How many rows each class has: labels [M] int64 in [0, class_count), which is not checked -> [class_count] int64.
torch::Tensor class_counts(const torch::Tensor& labels, std::int64_t class_count);

/// The sum of each class's rows: rows [M, D] float32 or float64 and labels [M] int64, both on the CPU -> [class_count,
/// D] of the rows' type. A class without rows has a zero row. There must be M labels, each in [0, class_count): that is
/// not checked. O(M·D), in row order, so that the result does not depend on threads.
torch::Tensor class_sums(const torch::Tensor& rows, const torch::Tensor& labels, std::int64_t class_count);

/// Rows scaled to unit length: [n, D] -> [n, D], a new tensor of the same type and device. A zero row stays zero.
torch::Tensor unit_rows(const torch::Tensor& rows);

}  // namespace trefoil
