// Where a tensor lies in a file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "trefoil/tensor.h"

namespace trefoil::formats {

struct ArrayHeader {
  torch::ScalarType type = torch::kFloat;
  std::vector<std::int64_t> shape;  // no dimension: a single number, which only safetensors may hold
  std::uint64_t offset = 0;         // of the first byte in the file
};

// Both throw DataError, naming the file, when the header is damaged, promises another number of bytes than the file
// has, or names a type or layout that is not supported.
ArrayHeader read_npy_header(const std::filesystem::path& path);

// One tensor of at least one dimension. `name` may be empty when the file holds one tensor.
ArrayHeader read_safetensors_header(const std::filesystem::path& path, const std::string& name);

struct SafetensorsHeader {
  std::map<std::string, ArrayHeader> tensors;
  std::map<std::string, std::string> metadata;
};

// Everything that a .safetensors file holds.
SafetensorsHeader read_safetensors_header(const std::filesystem::path& path);

// Bytes of one element times the product of the shape. Throws DataError on overflow or a negative size.
std::uint64_t byte_count(const ArrayHeader& header, const std::filesystem::path& path);

// The first `count` bytes from `offset`; shorter at the end of the file. Throws DataError when it cannot be opened.
std::string read_bytes(const std::filesystem::path& path, std::uint64_t offset, std::uint64_t count);

}  // namespace trefoil::formats
