// Finds rows of features that are equal, bit for bit.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "trefoil/tensor.h"

namespace trefoil::data {

// The bytes of a row of `rows` [n, D], which must be contiguous and on the CPU. They are valid as long as the tensor.
std::string_view row_bytes(const torch::Tensor& rows, std::int64_t row);

// Returns, for each row of `rows` [n, D], the number of the first row that is equal to it. `rows` must be contiguous
// and on the CPU.
std::vector<std::int64_t> first_equal_rows(const torch::Tensor& rows);

}  // namespace trefoil::data
