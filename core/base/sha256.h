// SHA-256, the name of everything whose content matters: data files, plugins, resolved experiments.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>

namespace trefoil::base {

// 64 lower-case hexadecimal digits.
std::string sha256(std::string_view bytes);

// The same as bytes.
using Digest = std::array<std::uint8_t, 32>;
Digest sha256_digest(std::string_view bytes);
std::string hexadecimal(const Digest& digest);

// The same of a file's content, read in pieces. Throws DataError when it cannot be read.
std::string sha256_of_file(const std::filesystem::path& path);

// Sums of files that are asked for more than once in a run: weights are large.
class FileSums {
 public:
  const std::string& sha256(const std::filesystem::path& path);  // throws DataError

 private:
  std::map<std::filesystem::path, std::string> sums_;
};

}  // namespace trefoil::base
