// Writing .npy, by blocks of rows.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "base/atomic_file.h"
#include "trefoil/tensor.h"

namespace trefoil::formats {

class NpyWriter {
 public:
  // A C-order array of float16, float32, float64, int32 or int64. The file appears on `commit`.
  NpyWriter(const std::filesystem::path& path, torch::ScalarType type, std::vector<std::int64_t> shape);

  // The next rows, of the array's type and row shape.
  void append(const torch::Tensor& rows);

  // Throws std::logic_error unless exactly as many rows were written as the shape says.
  void commit();

 private:
  base::AtomicFile file_;
  torch::ScalarType type_;
  std::int64_t rows_left_;
};

void write_npy(const std::filesystem::path& path, const torch::Tensor& tensor);

}  // namespace trefoil::formats
