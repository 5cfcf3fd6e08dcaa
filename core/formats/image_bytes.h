// The bytes of an image file, for the readers of headers.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "formats/image_header.h"

namespace trefoil::formats {

// Reading beyond the end of the file throws BadImage with the message `cut_short`.
class Bytes {
 public:
  Bytes(std::string_view bytes, std::string cut_short) : bytes_(bytes), cut_short_(std::move(cut_short)) {}

  // Throws BadImage unless there are at least `size` bytes.
  void require(std::uint64_t size) const {
    if (size > bytes_.size()) refuse_as_cut_short();
  }

  [[noreturn]] void refuse_as_cut_short() const { throw BadImage(cut_short_ + "; it was probably cut short"); }

  std::uint64_t size() const { return bytes_.size(); }

  std::uint64_t at(std::uint64_t offset) const {
    require(offset + 1);
    return static_cast<unsigned char>(bytes_[offset]);
  }

  std::uint64_t big_endian(std::uint64_t offset, std::uint64_t count) const {
    std::uint64_t value = 0;
    for (std::uint64_t i = 0; i < count; ++i) value = (value << 8U) | at(offset + i);
    return value;
  }

  std::uint64_t little_endian(std::uint64_t offset, std::uint64_t count) const {
    std::uint64_t value = 0;
    for (std::uint64_t i = count; i-- > 0;) value = (value << 8U) | at(offset + i);
    return value;
  }

  std::string_view text(std::uint64_t offset, std::uint64_t count) const {
    require(offset + count);
    return bytes_.substr(offset, count);
  }

  // Returns the position of the next byte with this value.
  std::uint64_t find(char wanted, std::uint64_t offset) const {
    const std::size_t found = bytes_.find(wanted, offset);
    if (found == std::string_view::npos) refuse_as_cut_short();
    return found;
  }

 private:
  std::string_view bytes_;
  std::string cut_short_;
};

// Returns the header of an image of this size. Throws BadImage unless it has 1 to kMostPixels pixels. Both sides are at
// most 2^32 - 1.
Header make_header(Format format, std::uint64_t width, std::uint64_t height);

}  // namespace trefoil::formats
