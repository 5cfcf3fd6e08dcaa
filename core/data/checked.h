// Turning stored arrays into what the method needs, with every complaint naming the file and the row.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "formats/array.h"
#include "trefoil/tensor.h"

namespace trefoil::data {

// Throws DataError unless `array` is [n, width] of a floating type. width < 0: any.
void require_features(const formats::Array& array, std::int64_t width, const std::filesystem::path& path);

// Throws DataError unless `array` is [rows] of an integer type.
void require_labels(const formats::Array& array, std::int64_t rows, const std::filesystem::path& path);

enum class ZeroRows { refuse, keep };

// Stored rows [n, D] of any floating type -> float32 unit rows. `first` is the number of the first row, for messages.
torch::Tensor checked_features(const torch::Tensor& stored, ZeroRows zero_rows, std::int64_t first,
                               const std::filesystem::path& path);

// Stored labels [n] -> int64, each in [0, class_count).
torch::Tensor checked_labels(const torch::Tensor& stored, std::int64_t class_count, std::int64_t first,
                             const std::filesystem::path& path);

}  // namespace trefoil::data
