#include "formats/image_tiff.h"

#include <map>
#include <utility>

#include "base/text.h"
#include "formats/image_bytes.h"

namespace trefoil::formats {

namespace {

// Tags of Adobe's TIFF Revision 6.0.
enum Tag : std::uint64_t {
  kWidth = 256,
  kHeight = 257,
  kStripOffsets = 273,
  kOrientation = 274,
  kStripSizes = 279,
  kTileOffsets = 324,
  kTileSizes = 325,
  kExtraSamples = 338,
};

// The first directory of a TIFF file: for each tag, a list of numbers.
class Directory {
 public:
  explicit Directory(std::string_view file)
      : bytes_(file, "the TIFF ends before its last pixel"), little_(file[0] == 'I') {
    const std::uint64_t position = number(4, 4);
    const std::uint64_t count = number(position, 2);
    for (std::uint64_t i = 0; i < count; ++i) {
      const std::uint64_t entry = position + 2 + i * 12;
      places_.emplace(number(entry, 2), place_of(entry));
    }
  }

  bool has(Tag tag) const { return places_.count(tag) > 0; }

  std::uint64_t size(Tag tag) const { return has(tag) ? places_.at(tag).count : 0; }

  // Returns a number of the list.
  std::uint64_t at(Tag tag, std::uint64_t index) const {
    if (index >= size(tag)) throw BadImage("the TIFF lacks the tag " + std::to_string(tag) + ", or a number of it");
    const Place& place = places_.at(tag);
    return number(place.position + index * place.width, place.width);
  }

  // Returns the position in the file of the lowest byte of a number.
  std::uint64_t lowest_byte(Tag tag) const {
    const Place& place = places_.at(tag);
    return place.position + (little_ ? 0 : place.width - 1);
  }

  void require(std::uint64_t size) const { bytes_.require(size); }

 private:
  struct Place {
    std::uint64_t position = 0;
    std::uint64_t width = 0;  // bytes of a number
    std::uint64_t count = 0;
  };

  // Numbers that need at most four bytes together are in the entry itself.
  Place place_of(std::uint64_t entry) const {
    constexpr std::uint64_t kShort = 3;
    constexpr std::uint64_t kLong = 4;
    const std::uint64_t type = number(entry + 2, 2);
    if (type != kShort && type != kLong) return {};
    const std::uint64_t width = type == kShort ? 2 : 4;
    const std::uint64_t count = number(entry + 4, 4);
    return {count * width <= 4 ? entry + 8 : number(entry + 8, 4), width, count};
  }

  std::uint64_t number(std::uint64_t offset, std::uint64_t count) const {
    return little_ ? bytes_.little_endian(offset, count) : bytes_.big_endian(offset, count);
  }

  Bytes bytes_;
  bool little_;
  std::map<std::uint64_t, Place> places_;
};

}  // namespace

bool is_tiff(std::string_view file) {
  using namespace std::string_view_literals;
  return base::starts_with(file, "II*\0"sv) || base::starts_with(file, "MM\0*"sv);
}

Header read_tiff_header(std::string_view file) {
  constexpr std::uint64_t kFirstOnItsSide = 5;  // orientations 5 to 8 swap width and height
  const Directory directory(file);
  std::uint64_t width = directory.at(kWidth, 0);
  std::uint64_t height = directory.at(kHeight, 0);
  if (directory.size(kOrientation) > 0) {
    const std::uint64_t orientation = directory.at(kOrientation, 0);
    if (orientation >= kFirstOnItsSide && orientation <= 8) std::swap(width, height);
  }
  const bool tiled = directory.has(kTileOffsets);
  const Tag offsets = tiled ? kTileOffsets : kStripOffsets;
  const Tag sizes = tiled ? kTileSizes : kStripSizes;
  const Header header = make_header(Format::tiff, width, height);
  for (std::uint64_t i = 0; i < directory.size(offsets); ++i) {
    // Old files with uncompressed pixels may lack the sizes.
    directory.require(directory.at(offsets, i) + (directory.has(sizes) ? directory.at(sizes, i) : 0));
  }
  return header;
}

std::string with_alpha_unused(std::string_view file) {
  constexpr std::uint64_t kUnassociatedAlpha = 2;
  std::string result(file);
  const Directory directory(file);
  if (directory.size(kExtraSamples) > 0 && directory.at(kExtraSamples, 0) == kUnassociatedAlpha) {
    result[directory.lowest_byte(kExtraSamples)] = 1;
  }
  return result;
}

}  // namespace trefoil::formats
