// Checks stored arrays and converts them to tensors of the expected types. Every error names the file and the row.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "formats/array.h"
#include "trefoil/tensor.h"

namespace trefoil::data {

// Throws DataError unless `array` has the shape [n, width] and a floating-point type. width < 0: any width. A shape
// [width, n] is not transposed, because it may be a mistake; the message says that it looks transposed.
void require_features(const formats::Array& array, std::int64_t width, const std::filesystem::path& path);

// Throws DataError unless `array` has a shape of labels and a number type: [rows], [rows, 1], or one-hot
// [rows, class_count].
void require_labels(const formats::Array& array, std::int64_t rows, std::int64_t class_count,
                    const std::filesystem::path& path);

enum class ZeroRows { refuse, keep };

// Returns stored rows [n, D] of any floating-point type as float32 unit rows. Throws DataError when a row is not
// finite, cannot be scaled to unit length, or is zero and `zero_rows` is `refuse`. `first` is the number of the first
// row in the file, for messages.
torch::Tensor checked_features(const torch::Tensor& stored, ZeroRows zero_rows, std::int64_t first,
                               const std::filesystem::path& path);

// Returns stored labels, of one of the shapes of require_labels, as int64 [n]. Throws DataError unless each is a whole
// number in [0, class_count), or a row of one 1 and zeros.
torch::Tensor checked_labels(const torch::Tensor& stored, std::int64_t class_count, std::int64_t first,
                             const std::filesystem::path& path);

}  // namespace trefoil::data
