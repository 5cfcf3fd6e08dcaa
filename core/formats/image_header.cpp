#include "formats/image_header.h"

#include <algorithm>

#include "base/text.h"
#include "formats/image_bmp.h"
#include "formats/image_bytes.h"
#include "formats/image_gif.h"
#include "formats/image_jpeg2000.h"
#include "formats/image_png.h"
#include "formats/image_pnm.h"
#include "formats/image_tiff.h"
#include "formats/image_webp.h"

namespace trefoil::formats {

namespace {

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
    // Decoders take the size of the first frame. The formats that have several, hierarchical ones, are not decoded.
    if (is_frame(marker) && header.width == 0) {
      header = make_header(Format::jpeg, bytes.big_endian(position + 5, 2), bytes.big_endian(position + 3, 2));
    }
    position += std::max<std::uint64_t>(2, bytes.big_endian(position, 2));  // a length below 2 is left to the decoder
  }
  if (header.width == 0) throw BadImage("the JPEG has no image in it");
  return header;
}

}  // namespace

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

Header read_header(std::string_view bytes) {
  if (bytes.empty()) throw BadImage("the file is empty");
  if (base::starts_with(bytes, "\xFF\xD8\xFF")) return read_jpeg(bytes);
  if (is_png(bytes)) return read_png_header(bytes);
  if (base::starts_with(bytes, "GIF87a") || base::starts_with(bytes, "GIF89a")) return read_gif_header(bytes);
  if (is_webp(bytes)) return read_webp_header(bytes);
  if (is_bmp(bytes)) return read_bmp_header(bytes);
  if (is_tiff(bytes)) return read_tiff_header(bytes);
  if (is_pnm(bytes)) return read_pnm_header(bytes);
  if (is_jpeg2000(bytes)) return read_jpeg2000_header(bytes);
  throw BadImage("it is not an image of a known format (JPEG, PNG, WebP, GIF, BMP, TIFF, PPM or JPEG 2000)");
}

}  // namespace trefoil::formats
