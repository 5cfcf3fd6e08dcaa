// Files for tests, and where things lie.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

namespace tests {

// A folder that is gone when the test ends.
class TemporaryFolder {
 public:
  TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder();

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path operator/(std::string_view name) const { return path_ / name; }
  std::filesystem::path write(std::string_view name, std::string_view text) const;

 private:
  std::filesystem::path path_;
};

std::string read(const std::filesystem::path& file);

std::size_t line_count(const std::string& text);

// `bytes` with one bit changed, as a bad disk or memory changes it. Bit 0 is the lowest of the first byte.
std::string with_flipped_bit(std::string bytes, std::size_t bit);

// The bytes of a .safetensors file with this header, which need not be a good one.
std::string safetensors(const std::string& header, const std::string& payload);

std::filesystem::path source_folder();       // tests/
std::filesystem::path bad_plugins_folder();  // a folder for each bad plugin

}  // namespace tests
