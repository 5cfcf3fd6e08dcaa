#include "data/equal_rows.h"

#include <unordered_map>

namespace trefoil::data {

std::string_view row_bytes(const torch::Tensor& rows, std::int64_t row) {
  const std::size_t size = static_cast<std::size_t>(rows.size(1)) * rows.element_size();
  return {static_cast<const char*>(rows.data_ptr()) + static_cast<std::size_t>(row) * size, size};
}

std::vector<std::int64_t> first_equal_rows(const torch::Tensor& rows) {
  std::unordered_map<std::string_view, std::int64_t> first;
  std::vector<std::int64_t> result;
  for (std::int64_t row = 0; row < rows.size(0); ++row) {
    result.push_back(first.emplace(row_bytes(rows, row), row).first->second);
  }
  return result;
}

}  // namespace trefoil::data
