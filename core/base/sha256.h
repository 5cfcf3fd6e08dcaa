// SHA-256. Data files, plugins, features and resolved experiments are identified by the SHA-256 of their content.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>

namespace trefoil::base {

// Returns 64 lower-case hexadecimal digits.
std::string sha256(std::string_view bytes);

// A SHA-256 as bytes.
using Digest = std::array<std::uint8_t, 32>;
Digest sha256_digest(std::string_view bytes);
std::string hexadecimal(const Digest& digest);

// Returns the SHA-256 of a file's content. The file is read in pieces. Throws DataError when it cannot be read, or is a
// folder, a device or a pipe.
std::string sha256_of_file(const std::filesystem::path& path);

// Remembers the SHA-256 of every file that it has read. A run asks for the same file more than once, and files of
// weights are large.
class FileSums {
 public:
  const std::string& sha256(const std::filesystem::path& path);  // throws DataError

 private:
  std::map<std::filesystem::path, std::string> sums_;
};

}  // namespace trefoil::base
