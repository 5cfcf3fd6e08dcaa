// A PNG file has a signature, then chunks of length, type, data and checksum (W3C, Portable Network Graphics, section
// 5).
#include "formats/image_png.h"

#include <zlib.h>

#include <string>

#include "base/text.h"
#include "formats/image_bytes.h"

namespace trefoil::formats {

namespace {

constexpr std::string_view kSignature = "\x89PNG\r\n\x1A\n";
constexpr std::uint64_t kAroundData = 12;  // length, type and checksum, 4 bytes each

Bytes bytes_of(std::string_view file) { return Bytes(file, "the PNG ends before its end chunk"); }

}  // namespace

bool is_png(std::string_view file) { return base::starts_with(file, kSignature); }

Header read_png_header(std::string_view file) {
  const Bytes bytes = bytes_of(file);
  if (bytes.text(12, 4) != "IHDR") throw BadImage("the PNG does not begin with its header chunk");
  const Header header = make_header(Format::png, bytes.big_endian(16, 4), bytes.big_endian(20, 4));
  std::uint64_t position = kSignature.size();
  while (bytes.text(position + 4, 4) != "IEND") position += kAroundData + bytes.big_endian(position, 4);
  bytes.require(position + kAroundData);
  return header;
}

void require_png_checksums(std::string_view file) {
  const Bytes bytes = bytes_of(file);
  std::string_view type;
  for (std::uint64_t position = kSignature.size(); type != "IEND";) {
    const std::uint64_t length = bytes.big_endian(position, 4);
    type = bytes.text(position + 4, 4);
    bytes.require(position + kAroundData + length);
    if (type == "IHDR" || type == "PLTE" || type == "IDAT" || type == "IEND") {
      const std::string_view covered = file.substr(position + 4, 4 + length);
      const auto sum = crc32_z(0, reinterpret_cast<const Bytef*>(covered.data()), covered.size());
      if (sum != bytes.big_endian(position + 8 + length, 4)) {
        throw BadImage("it cannot be decoded: its chunk '" + std::string(type) +
                       "' is damaged (the checksum is wrong)");
      }
    }
    position += kAroundData + length;
  }
}

}  // namespace trefoil::formats
