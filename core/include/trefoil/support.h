/// @file
/// Support: the training data of a few-shot task, namely one text feature and a few images for each class.
#pragma once

#include <cstdint>

#include "trefoil/tensor.h"

namespace trefoil {

/// C classes, M support images ("shots", the rows of the cache), D feature channels. Classes may have different numbers
/// of shots, or none. Tensors are contiguous, on the CPU, and of one floating type (float32 in a run; tests also use
/// float64). Every row has unit length, except the text of a class with neither text nor images, which is all zeros.
struct Support {
  torch::Tensor text;     ///< [C, D]  text features W, one per class
  torch::Tensor images;   ///< [M, D]  image features F (the cache), sorted by class; M may be 0
  torch::Tensor labels;   ///< [M]     int64, class of each row of `images`, ascending
  torch::Tensor views{};  ///< [V, M, D]  V augmented views of each image; may be undefined

  std::int64_t class_count() const { return text.size(0); }    ///< C, the number of classes
  std::int64_t width() const { return text.size(1); }          ///< D, the number of feature channels
  std::int64_t image_count() const { return images.size(0); }  ///< M, the number of support images
};

/// Returns the number of rows of each class, [class_count] int64. labels [M] int64 must be in [0, class_count); that is
/// not checked.
torch::Tensor class_counts(const torch::Tensor& labels, std::int64_t class_count);

/// Returns the sum of the rows of each class, [class_count, D], of the rows' type. A class without rows gets zeros.
/// rows [M, D] is float32 or float64, labels [M] is int64, both on the CPU. There must be M labels in [0, class_count);
/// that is not checked. Takes O(M·D). Adds in row order, so the result does not depend on threads.
torch::Tensor class_sums(const torch::Tensor& rows, const torch::Tensor& labels, std::int64_t class_count);

/// Returns the rows scaled to unit length: [n, D], a new tensor of the same type on the same device. A row of zeros
/// stays zero.
torch::Tensor unit_rows(const torch::Tensor& rows);

}  // namespace trefoil
