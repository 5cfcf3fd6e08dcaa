#include "formats/image_pnm.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "formats/image_bytes.h"

namespace trefoil::formats {

namespace {

bool is_space(std::uint64_t byte) { return byte == ' ' || (byte >= '\t' && byte <= '\r'); }

// Reads the numbers of a file, as the man pages pbm(5), pgm(5) and ppm(5) of Netpbm describe it.
class PnmReader {
 public:
  explicit PnmReader(std::string_view file)
      : bytes_(file, "the file ends before its last pixel"), kind_(bytes_.at(1) - '0') {
    const std::uint64_t width = number();
    const std::uint64_t height = number();
    header_ = make_header(Format::pnm, width, height);
    if (!is_bitmap()) maximum_ = number();
    if (maximum_ < 1 || maximum_ > 65535) {
      throw BadImage("its header says that the largest value is " + std::to_string(maximum_) +
                     "; it must be 1 to 65535");
    }
    if (is_binary()) bytes_.require(++position_ + row_size() * height);  // one space ends the header
  }

  const Header& header() const { return header_; }
  std::uint64_t maximum() const { return maximum_; }
  bool is_binary() const { return kind_ >= 4; }
  bool is_bitmap() const { return kind_ == 1 || kind_ == 4; }  // 1 is black
  std::int64_t channels() const { return kind_ % 3 == 0 ? kChannels : 1; }

  // Calls value(v) for each number of the image, row by row.
  template <typename Value>
  void each_value(Value value) {
    const auto count = static_cast<std::uint64_t>(header_.width * channels());
    for (std::int64_t row = 0; row < header_.height; ++row) {
      for (std::uint64_t i = 0; i < count; ++i) value(is_binary() ? stored(i) : written());
      if (is_binary()) position_ += row_size();
    }
  }

 private:
  std::uint64_t row_size() const {
    const auto count = static_cast<std::uint64_t>(header_.width * channels());
    if (is_bitmap()) return (count + 7) / 8;
    return maximum_ > 255 ? 2 * count : count;
  }

  // Returns the number at this place of a binary row.
  std::uint64_t stored(std::uint64_t i) const {
    if (is_bitmap()) return bytes_.at(position_ + i / 8) >> (7 - i % 8) & 1U;
    return maximum_ > 255 ? bytes_.big_endian(position_ + 2 * i, 2) : bytes_.at(position_ + i);
  }

  std::uint64_t written() {
    if (!is_bitmap()) return number();
    skip_space();
    return digit();  // bits need no space between them
  }

  void skip_space() {
    for (; is_space(bytes_.at(position_)) || bytes_.at(position_) == '#'; ++position_) {
      if (bytes_.at(position_) == '#') position_ = bytes_.find('\n', position_);
    }
  }

  std::uint64_t digit() {
    const std::uint64_t byte = bytes_.at(position_);
    if (byte < '0' || byte > '9') throw BadImage("the file has a character where a number is expected");
    ++position_;
    return byte - '0';
  }

  std::uint64_t number() {
    constexpr std::uint64_t kMost = 0xFFFFFFFF;
    skip_space();
    std::uint64_t value = digit();
    while (position_ < bytes_.size() && !is_space(bytes_.at(position_))) value = std::min(10 * value + digit(), kMost);
    return value;
  }

  Bytes bytes_;
  std::uint64_t kind_;  // 1 to 6
  Header header_;
  std::uint64_t maximum_ = 1;
  std::uint64_t position_ = 2;
};

// Returns the 8-bit value of each number from 0 to `maximum`.
std::vector<std::uint8_t> scale_to_bytes(const PnmReader& reader) {
  std::vector<std::uint8_t> scaled;
  const auto maximum = static_cast<double>(reader.maximum());
  for (std::uint64_t value = 0; value <= reader.maximum(); ++value) {
    scaled.push_back(static_cast<std::uint8_t>(std::nearbyint(static_cast<double>(value) / maximum * 255)));
  }
  if (reader.is_bitmap()) std::reverse(scaled.begin(), scaled.end());
  return scaled;
}

}  // namespace

bool is_pnm(std::string_view file) {
  return file.size() >= 3 && file[0] == 'P' && file[1] >= '1' && file[1] <= '6' &&
         (is_space(static_cast<unsigned char>(file[2])) || file[2] == '#');
}

Header read_pnm_header(std::string_view file) {
  PnmReader reader(file);
  if (!reader.is_binary()) {
    reader.each_value([](std::uint64_t) {});  // only reading them shows whether all are there
  }
  return reader.header();
}

Image decode_pnm(std::string_view file) {
  PnmReader reader(file);
  const std::vector<std::uint8_t> scaled = scale_to_bytes(reader);
  Image image{reader.header().width, reader.header().height, {}};
  image.rgb.reserve(static_cast<std::size_t>(image.width * image.height * kChannels));
  const auto copies = static_cast<std::size_t>(kChannels / reader.channels());
  reader.each_value([&](std::uint64_t value) {
    image.rgb.insert(image.rgb.end(), copies, scaled[std::min(value, reader.maximum())]);
  });
  return image;
}

}  // namespace trefoil::formats
