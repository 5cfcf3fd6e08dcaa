// Arrays: tensors that are read by blocks of rows, so that a test set of any size needs little memory.
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

  // The shape of the whole array. A row is one index of the first dimension.
  virtual const std::vector<std::int64_t>& shape() const = 0;
  virtual torch::ScalarType type() const = 0;

  // Returns the rows [first, first + count), which must exist, in the stored type. Several threads may call it at once.
  // Throws DataError.
  virtual torch::Tensor read(std::int64_t first, std::int64_t count) const = 0;

  std::int64_t rows() const { return shape().at(0); }
  torch::Tensor read_all() const { return read(0, rows()); }
};

// Opens an array in a file. The path is one of
// - FILE.npy: numbers of any size and byte order, and bool; C order or Fortran order;
// - FILE.safetensors with one tensor, or FILE.safetensors#NAME: F16 BF16 F32 F64 BOOL U8 I8 I16 I32 I64;
// - FILE.pt, .pth or .bin of Python's torch.save with one tensor, or FILE.pt#NAME, where NAME is the path to the tensor
//   through dictionaries and lists. Such a file is read into memory as a whole.
// The sizes in the header are compared with the size of the file, and a .npy file must be exactly as long as its header
// says. Throws DataError with the file and the reason.
std::unique_ptr<Array> open_array(const std::filesystem::path& path);

// Opens the tensor that this header describes. Throws DataError when the file cannot be opened.
std::unique_ptr<Array> array_at(const std::filesystem::path& path, ArrayHeader header);

// Reads the whole tensor that this header describes. The tensor may have no dimension. Throws DataError.
torch::Tensor read_tensor(const std::filesystem::path& path, const ArrayHeader& header);

// Returns a path for open_array without "#NAME". A '#' starts a name only after an extension of a file that can hold
// several tensors.
std::filesystem::path array_file(const std::filesystem::path& path);

// Returns an array whose rows are those of a tensor in memory.
std::unique_ptr<Array> array_of(torch::Tensor tensor);

}  // namespace trefoil::formats
