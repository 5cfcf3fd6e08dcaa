// The header of NumPy's .npy files.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "trefoil/tensor.h"

namespace trefoil::formats {

// How the numbers of a .npy file are stored, and as which type they are read. LibTorch has no unsigned types of more
// than 8 bits, so these become the next wider signed type. uint64 becomes int64.
struct NpyNumber {
  torch::ScalarType stored;  // a type of the same size; kByte for bool
  torch::ScalarType read;
  std::int64_t mask = 0;  // of u2 and u4: the bits of the stored number that are the value; 0: all, with their sign
  bool is_bool = false;   // read as 0 or 1
};

struct NpyHeader {
  NpyNumber number;
  bool big_endian = false;
  bool fortran_order = false;       // the first index changes fastest
  std::vector<std::int64_t> shape;  // at least one dimension
  std::uint64_t offset = 0;         // position of the first number in the file
};

// Reads the header of versions 1, 2 and 3. Throws DataError with the file when the header is damaged, when the file has
// another number of bytes than the header says, or when it does not hold f2 f4 f8 i1 i2 i4 i8 u1 u2 u4 u8 or bool.
NpyHeader read_npy_header(const std::filesystem::path& path);

}  // namespace trefoil::formats
