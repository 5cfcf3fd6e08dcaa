// Headers of tensors in safetensors files: the type and shape of a tensor, and where its bytes are.
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
  std::vector<std::int64_t> shape;  // without dimensions: a single number
  std::uint64_t offset = 0;         // position of the tensor's first byte in the file
};

// The read functions throw DataError with the file when the header is damaged, when the file has another number of
// bytes than the header says, or when the type is not supported.

// Reads the header of one tensor, which must have at least one dimension. `name` may be empty when the file has only
// one tensor.
ArrayHeader read_safetensors_header(const std::filesystem::path& path, const std::string& name);

struct SafetensorsHeader {
  std::map<std::string, ArrayHeader> tensors;
  std::map<std::string, std::string> metadata;
};

// Reads the headers of all tensors, and the metadata.
SafetensorsHeader read_safetensors_header(const std::filesystem::path& path);

// Returns the size of the tensor in bytes. Throws DataError on overflow or a negative size.
std::uint64_t byte_count(const ArrayHeader& header, const std::filesystem::path& path);

// Returns `count` bytes from `offset`, or fewer when the file ends before. Throws DataError when it cannot be opened.
std::string read_bytes(const std::filesystem::path& path, std::uint64_t offset, std::uint64_t count);

}  // namespace trefoil::formats
