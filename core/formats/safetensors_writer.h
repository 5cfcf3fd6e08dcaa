// Writes .safetensors files, one tensor after the other, each by blocks of rows.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/atomic_file.h"
#include "trefoil/tensor.h"

namespace trefoil::formats {

struct TensorPlan {
  std::string name;
  torch::ScalarType type = torch::kFloat;
  std::vector<std::int64_t> shape;  // without dimensions: a single number
};

class SafetensorsWriter {
 public:
  // Starts a file of these tensors: float16, bfloat16, float32, float64, uint8, int32 or int64. `commit` creates the
  // file, which then survives a loss of power.
  SafetensorsWriter(const std::filesystem::path& path, const std::vector<TensorPlan>& plans,
                    const std::map<std::string, std::string>& metadata);

  // Appends rows, in the order of the plans. Throws std::logic_error when they have another type than planned, or go
  // beyond the end of a tensor.
  void append(const torch::Tensor& rows);

  // Throws std::logic_error unless all rows of all tensors were appended.
  void commit();

 private:
  base::AtomicFile file_;
  std::vector<TensorPlan> plans_;
  std::size_t current_ = 0;       // number of tensors that were started
  std::uint64_t bytes_left_ = 0;  // bytes that the last of these tensors still needs
};

}  // namespace trefoil::formats
