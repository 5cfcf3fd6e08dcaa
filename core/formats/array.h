// Arrays: tensors read by blocks of rows, so that a test set of any size passes through little memory.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "formats/array_header.h"
#include "trefoil/tensor.h"

namespace trefoil::formats {

class Array {
 public:
  virtual ~Array() = default;

  // The whole shape; a row is one index of the first dimension.
  virtual const std::vector<std::int64_t>& shape() const = 0;
  virtual torch::ScalarType type() const = 0;

  // Rows [first, first + count), which must exist, in the stored type. Safe to call from several threads. Throws
  // DataError.
  virtual torch::Tensor read(std::int64_t first, std::int64_t count) const = 0;

  std::int64_t rows() const { return shape().at(0); }
  torch::Tensor read_all() const { return read(0, rows()); }
};

// Opens `.npy` (versions 1 and 2, little-endian f2 f4 f8 i4 i8, C order) or `.safetensors` (of one tensor, or with the
// tensor's name behind '#': "features.safetensors#text"; F16 BF16 F32 F64 U8 I32 I64). Nothing is read beyond the
// file's size, and a .npy must be exactly as long as its header says. Throws DataError naming the file and what is
// wrong with it.
std::unique_ptr<Array> open_array(const std::filesystem::path& path);

// A whole tensor of which only the header was read, a single number included. Throws DataError.
torch::Tensor read_tensor(const std::filesystem::path& path, const ArrayHeader& header);

// The file behind such a path: without the tensor's name. Only '#' behind ".safetensors" begins one.
std::filesystem::path array_file(const std::filesystem::path& path);

// A tensor already in memory.
std::unique_ptr<Array> array_of(torch::Tensor tensor);

}  // namespace trefoil::formats
