// Writes .npy files by blocks of rows.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "base/atomic_file.h"
#include "trefoil/tensor.h"

namespace trefoil::formats {

class NpyWriter {
 public:
  // Starts a C-order array of float16, float32, float64, int32 or int64. `commit` creates the file.
  NpyWriter(const std::filesystem::path& path, torch::ScalarType type, std::vector<std::int64_t> shape);

  // Appends rows. They must have the type and the row shape of the array.
  void append(const torch::Tensor& rows);

  // Throws std::logic_error unless the number of appended rows is the one in the shape.
  void commit();

 private:
  base::AtomicFile file_;
  torch::ScalarType type_;
  std::int64_t rows_left_;
};

void write_npy(const std::filesystem::path& path, const torch::Tensor& tensor);

}  // namespace trefoil::formats
