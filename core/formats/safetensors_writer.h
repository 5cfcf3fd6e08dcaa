// Writing .safetensors, tensor after tensor, each by blocks of rows.
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
  std::vector<std::int64_t> shape;  // no dimension: a single number
};

class SafetensorsWriter {
 public:
  // The file appears on `commit`, and survives a loss of power then. Types: float16, bfloat16, float32, float64, uint8,
  // int32, int64.
  SafetensorsWriter(const std::filesystem::path& path, const std::vector<TensorPlan>& plans,
                    const std::map<std::string, std::string>& metadata);

  // The next rows of the tensors, in the order of the plans. Throws std::logic_error when they are of another type than
  // planned, or go beyond the end of a tensor.
  void append(const torch::Tensor& rows);

  // Throws std::logic_error unless exactly as many bytes were written as promised.
  void commit();

 private:
  base::AtomicFile file_;
  std::vector<TensorPlan> plans_;
  std::size_t current_ = 0;       // plans that were begun
  std::uint64_t bytes_left_ = 0;  // of the last of these
};

}  // namespace trefoil::formats
