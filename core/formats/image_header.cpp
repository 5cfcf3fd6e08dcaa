#include "formats/image_header.h"

#include <algorithm>
#include <utility>

#include "base/text.h"

namespace trefoil::formats {

namespace {

// The bytes of an image file. Reading beyond its end throws BadImage with the message `cut_short`.
class Bytes {
 public:
  Bytes(std::string_view bytes, std::string cut_short) : bytes_(bytes), cut_short_(std::move(cut_short)) {}

  // Throws BadImage unless there are at least `size` bytes.
  void require(std::uint64_t size) const {
    if (size > bytes_.size()) throw BadImage(cut_short_ + "; it was probably cut short");
  }

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
    if (found == std::string_view::npos) require(bytes_.size() + 1);
    return found;
  }

 private:
  std::string_view bytes_;
  std::string cut_short_;
};

Header make_header(Format format, std::uint64_t width, std::uint64_t height) {
  const std::string claim = "its header says " + std::to_string(width) + " x " + std::to_string(height) + " pixels";
  if (width == 0 || height == 0) throw BadImage(claim);
  const std::uint64_t pixels = width * height;  // does not overflow: no format has a side longer than 2^32 - 1
  if (pixels > static_cast<std::uint64_t>(kMostPixels)) {
    const std::uint64_t megapixels = (pixels - 1) / 1000000 + 1;
    throw BadImage(claim + ", that is " + base::grouped(static_cast<std::int64_t>(megapixels)) +
                   " megapixels; the limit is " + std::to_string(kMostPixels / 1000000) + ", as in Pillow");
  }
  return {format, static_cast<std::int64_t>(width), static_cast<std::int64_t>(height)};
}

// JPEG markers (ITU-T T.81, table B.1). A marker is the byte after 0xFF.
bool stands_alone(std::uint64_t marker) { return marker == 0x01 || (marker >= 0xD0 && marker <= 0xD8); }
bool is_frame(std::uint64_t marker) {
  const bool other = marker == 0xC4 || marker == 0xC8 || marker == 0xCC;  // DHT, JPG, DAC
  return marker >= 0xC0 && marker <= 0xCF && !other;
}

// Returns the next marker, and moves `position` to the byte after it. Skips the data of scans, in which 0xFF00 means a
// byte 0xFF, fill bytes, and stray bytes between segments, as decoders do.
std::uint64_t next_marker(const Bytes& bytes, std::uint64_t& position) {
  std::uint64_t marker = 0;
  while (marker == 0) {
    position = bytes.find('\xFF', position);
    while (bytes.at(position) == 0xFF) ++position;
    marker = bytes.at(position++);
  }
  return marker;
}

Header read_jpeg(std::string_view file) {
  constexpr std::uint64_t kEndOfImage = 0xD9;
  const Bytes bytes(file, "the JPEG ends before its end marker");
  Header header;
  std::uint64_t position = 2;
  for (std::uint64_t marker = 0; (marker = next_marker(bytes, position)) != kEndOfImage;) {
    if (stands_alone(marker)) continue;
    if (is_frame(marker)) {
      header = make_header(Format::jpeg, bytes.big_endian(position + 5, 2), bytes.big_endian(position + 3, 2));
    }
    position += std::max<std::uint64_t>(2, bytes.big_endian(position, 2));  // a length below 2 is left to the decoder
  }
  if (header.width == 0) throw BadImage("the JPEG has no image in it");
  return header;
}

// A PNG file has a signature, then chunks of length, type, data and checksum (W3C, Portable Network Graphics, section
// 5).
Header read_png(std::string_view file) {
  constexpr std::uint64_t kAroundData = 12;
  const Bytes bytes(file, "the PNG ends before its end chunk");
  if (bytes.text(12, 4) != "IHDR") throw BadImage("the PNG does not begin with its header chunk");
  const Header header = make_header(Format::png, bytes.big_endian(16, 4), bytes.big_endian(20, 4));
  std::uint64_t position = 8;
  while (bytes.text(position + 4, 4) != "IEND") position += kAroundData + bytes.big_endian(position, 4);
  bytes.require(position + kAroundData);
  return header;
}

// A BMP header of 12 bytes is Microsoft's BITMAPCOREHEADER; a longer one is BITMAPINFOHEADER or an extension of it. The
// file length in the header is wrong in many files, so the length of the pixel data is checked instead.
Header read_bmp(std::string_view file) {
  const Bytes bytes(file, "the BMP is shorter than its header says");
  const bool core = bytes.little_endian(14, 4) == 12;
  const std::uint64_t field = core ? 2 : 4;
  const std::uint64_t width = bytes.little_endian(18, field);
  std::uint64_t height = bytes.little_endian(18 + field, field);
  if (!core && height >= 0x80000000)
    height = 0x100000000 - height;  // a negative height: the rows go from top to bottom
  const std::uint64_t bits = bytes.little_endian(20 + 2 * field, 2);
  const std::uint64_t compression = core ? 0 : bytes.little_endian(30, 4);
  const Header header = make_header(Format::bmp, width, height);
  const bool run_lengths = compression == 1 || compression == 2;
  const std::uint64_t row = (width * bits + 31) / 32 * 4;
  bytes.require(bytes.little_endian(10, 4) + (run_lengths ? bytes.little_endian(34, 4) : row * height));
  return header;
}

// A WebP file is a RIFF file (RFC 9649). Its first chunk has the size; there are three kinds of first chunk.
Header read_webp(std::string_view file) {
  constexpr std::uint64_t kFourteenBits = 0x3FFF;
  const Bytes bytes(file, "the WebP is shorter than its header says");
  const std::string_view kind = bytes.text(12, 4);
  Header header;
  if (kind == "VP8 ") {
    header = make_header(Format::webp, bytes.little_endian(26, 2) & kFourteenBits,
                         bytes.little_endian(28, 2) & kFourteenBits);
  } else if (kind == "VP8L") {
    const std::uint64_t sizes = bytes.little_endian(21, 4);
    header = make_header(Format::webp, (sizes & kFourteenBits) + 1, ((sizes >> 14U) & kFourteenBits) + 1);
  } else if (kind == "VP8X") {
    header = make_header(Format::webp, bytes.little_endian(24, 3) + 1, bytes.little_endian(27, 3) + 1);
  } else {
    throw BadImage("the WebP does not begin with an image chunk");
  }
  bytes.require(8 + bytes.little_endian(4, 4));
  return header;
}

bool is_webp(std::string_view bytes) {
  return bytes.size() >= 12 && base::starts_with(bytes, "RIFF") && bytes.substr(8, 4) == "WEBP";
}

bool is_bmp(std::string_view bytes) {
  if (!base::starts_with(bytes, "BM") || bytes.size() < 18) return false;
  const auto header_size = static_cast<unsigned char>(bytes[14]);  // at most 124, so the lowest byte is enough
  return bytes.substr(15, 3) == std::string_view("\0\0\0", 3) &&
         (header_size == 12 || (header_size >= 40 && header_size <= 124));
}

}  // namespace

Header read_header(std::string_view bytes) {
  if (bytes.empty()) throw BadImage("the file is empty");
  if (base::starts_with(bytes, "\xFF\xD8\xFF")) return read_jpeg(bytes);
  if (base::starts_with(bytes, "\x89PNG\r\n\x1A\n")) return read_png(bytes);
  if (is_webp(bytes)) return read_webp(bytes);
  if (is_bmp(bytes)) return read_bmp(bytes);
  throw BadImage("it is not a JPEG, PNG, BMP or WebP image");
}

}  // namespace trefoil::formats
