#include "formats/image_bmp.h"

#include <array>

#include "base/text.h"
#include "formats/image_bytes.h"

namespace trefoil::formats {

namespace {

// A header of 12 bytes is Microsoft's BITMAPCOREHEADER; a longer one is BITMAPINFOHEADER or an extension of it.
struct BmpLayout {
  std::uint64_t width = 0;
  std::uint64_t height = 0;
  bool from_top = false;  // the first row is the highest one
  std::uint64_t bits = 0;
  std::uint64_t compression = 0;
  std::uint64_t pixels = 0;  // position of the first row

  bool has_masks() const {
    const bool numbers = bits == 16 || bits == 32;
    return numbers && (compression == 3 || compression == 6 || (compression == 0 && bits == 16));
  }
  bool has_run_lengths() const { return compression == 1 || compression == 2; }
  std::uint64_t row_size() const { return (width * bits + 31) / 32 * 4; }
};

Bytes bytes_of_bmp(std::string_view file) { return {file, "the BMP is shorter than its header says"}; }

BmpLayout layout_of(const Bytes& bytes) {
  const bool core = bytes.little_endian(14, 4) == 12;
  const std::uint64_t field = core ? 2 : 4;
  BmpLayout layout;
  layout.pixels = bytes.little_endian(10, 4);
  layout.width = bytes.little_endian(18, field);
  layout.height = bytes.little_endian(18 + field, field);
  layout.from_top = !core && layout.height >= 0x80000000;  // a negative height
  if (layout.from_top) layout.height = 0x100000000 - layout.height;
  layout.bits = bytes.little_endian(20 + 2 * field, 2);
  layout.compression = core ? 0 : bytes.little_endian(30, 4);
  return layout;
}

// The bits of a channel in the number of a pixel.
class Mask {
 public:
  explicit Mask(std::uint64_t mask) {
    if (mask == 0) throw BadImage("the BMP has a channel without bits");
    while ((mask >> shift_ & 1U) == 0) ++shift_;
    most_ = mask >> shift_;
    if ((most_ & (most_ + 1)) != 0) throw BadImage("the BMP has a channel whose bits are not next to each other");
  }

  std::uint8_t of(std::uint64_t pixel) const {
    return static_cast<std::uint8_t>((pixel >> shift_ & most_) * 255 / most_);
  }

 private:
  unsigned shift_ = 0;
  std::uint64_t most_ = 0;  // the largest value
};

// The masks come after the fields of BITMAPINFOHEADER. Without them, a channel has five bits.
std::array<Mask, 3> masks_of(const Bytes& bytes, const BmpLayout& layout) {
  if (layout.compression == 0) return {Mask(0x7C00), Mask(0x3E0), Mask(0x1F)};
  return {Mask(bytes.little_endian(54, 4)), Mask(bytes.little_endian(58, 4)), Mask(bytes.little_endian(62, 4))};
}

}  // namespace

bool is_bmp(std::string_view file) {
  if (!base::starts_with(file, "BM") || file.size() < 18) return false;
  const auto header_size = static_cast<unsigned char>(file[14]);  // at most 124, so the lowest byte is enough
  return file.substr(15, 3) == std::string_view("\0\0\0", 3) &&
         (header_size == 12 || (header_size >= 40 && header_size <= 124));
}

// The file length in the header is wrong in many files, so the length of the pixel data is checked instead.
Header read_bmp_header(std::string_view file) {
  const Bytes bytes = bytes_of_bmp(file);
  const BmpLayout layout = layout_of(bytes);
  const Format format = layout.has_masks() ? Format::masked_bmp : Format::bmp;
  const Header header = make_header(format, layout.width, layout.height);
  bytes.require(layout.pixels +
                (layout.has_run_lengths() ? bytes.little_endian(34, 4) : layout.row_size() * layout.height));
  return header;
}

Image decode_masked_bmp(std::string_view file) {
  const Bytes bytes = bytes_of_bmp(file);
  const BmpLayout layout = layout_of(bytes);
  const std::array<Mask, 3> masks = masks_of(bytes, layout);
  const std::uint64_t size = layout.bits / 8;
  Image image{static_cast<std::int64_t>(layout.width), static_cast<std::int64_t>(layout.height), {}};
  image.rgb.reserve(layout.width * layout.height * kChannels);
  for (std::uint64_t y = 0; y < layout.height; ++y) {
    const std::uint64_t row = layout.pixels + layout.row_size() * (layout.from_top ? y : layout.height - 1 - y);
    for (std::uint64_t x = 0; x < layout.width; ++x) {
      const std::uint64_t pixel = bytes.little_endian(row + x * size, size);
      for (const Mask& mask : masks) image.rgb.push_back(mask.of(pixel));
    }
  }
  return image;
}

}  // namespace trefoil::formats
