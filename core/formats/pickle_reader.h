// PickleReader: reads the arguments of opcodes from the bytes of a pickle.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string_view>

namespace trefoil::formats {

// Every function moves forward in the bytes, and throws DataError with the path when the bytes end too early or are
// invalid.
class PickleReader {
 public:
  // `bytes` and `path` must outlive the reader.
  PickleReader(std::string_view bytes, const std::filesystem::path& path) : rest_(bytes), path_(path) {}

  [[noreturn]] void damaged() const;

  std::string_view bytes(std::uint64_t count);
  unsigned char byte();

  // An unsigned number of `count` bytes, at most 8, lowest byte first.
  std::uint64_t unsigned_number(std::size_t count);

  // A signed number of `count` bytes in two's complement, lowest byte first.
  std::int64_t signed_number(std::uint64_t count);

  // A float64, highest byte first.
  double big_endian_real();

  // The text before the next line break.
  std::string_view line();

  // Lines with one number in decimal digits.
  std::uint64_t unsigned_line();
  double real_line();

 private:
  std::string_view rest_;
  const std::filesystem::path& path_;
};

}  // namespace trefoil::formats
