#include "formats/image_decode.h"

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <opencv2/core.hpp>
#include <opencv2/core/utils/logger.hpp>
#include <opencv2/imgcodecs.hpp>
#include <system_error>

#include "formats/image_bmp.h"
#include "formats/image_gif.h"
#include "formats/image_png.h"
#include "formats/image_pnm.h"
#include "formats/image_tiff.h"
#include "formats/image_tiff_errors.h"
#include "formats/image_webp.h"

namespace trefoil::formats {

namespace {

constexpr std::uintmax_t kLargestFile = std::uintmax_t{1} << 30U;

int colours_at(int divisor) {
  switch (divisor) {
    case 2:
      return cv::IMREAD_REDUCED_COLOR_2;
    case 4:
      return cv::IMREAD_REDUCED_COLOR_4;
    case 8:
      return cv::IMREAD_REDUCED_COLOR_8;
    default:
      return cv::IMREAD_COLOR;
  }
}

std::int64_t divided(std::int64_t side, int divisor) { return (side + divisor - 1) / divisor; }

// Decodes at 1 / divisor of the resolution: 1, or for a JPEG also 2, 4 or 8. Empty when OpenCV cannot decode the bytes.
cv::Mat decode_blue_green_red(std::string_view bytes, int divisor) {
  // Core prints nothing, and the reason is in the exception. Some decoders still write to stderr by themselves.
  [[maybe_unused]] static const auto level = cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
  try {
    // imdecode only reads the data, but cv::Mat has no constructor for constant data.
    const cv::Mat stored(1, static_cast<int>(bytes.size()), CV_8UC1, const_cast<char*>(bytes.data()));
    return cv::imdecode(stored, colours_at(divisor) | cv::IMREAD_IGNORE_ORIENTATION);
  } catch (const cv::Exception&) {
    return {};
  }
}

Image to_red_green_blue(const cv::Mat& decoded) {
  Image image{decoded.cols, decoded.rows, std::vector<std::uint8_t>(decoded.total() * 3)};
  std::uint8_t* to = image.rgb.data();
  for (int y = 0; y < decoded.rows; ++y) {
    const std::uint8_t* from = decoded.ptr(y);
    for (int x = 0; x < decoded.cols; ++x, from += 3, to += 3) {
      to[0] = from[2];
      to[1] = from[1];
      to[2] = from[0];
    }
  }
  return image;
}

Image decode_with_opencv(std::string_view bytes, const Header& header, int divisor = 1) {
  const cv::Mat decoded = decode_blue_green_red(bytes, divisor);
  if (decoded.empty()) {
    throw BadImage("it cannot be decoded: its data are damaged, or of a kind that is not supported");
  }
  if (decoded.type() != CV_8UC3 || decoded.cols != divided(header.width, divisor) ||
      decoded.rows != divided(header.height, divisor)) {
    throw BadImage("the decoded image does not have the size that its header says");
  }
  return to_red_green_blue(decoded);
}

Image decode_tiff(std::string_view bytes, const Header& header) {
  const TiffErrors errors;
  Image image = decode_with_opencv(with_alpha_unused(bytes), header);
  if (errors.any()) throw BadImage("its data are damaged");
  return image;
}

void require_regular_file(const std::filesystem::path& path) {
  std::error_code failure;
  const std::filesystem::file_status status = std::filesystem::status(path, failure);
  switch (status.type()) {
    case std::filesystem::file_type::regular:
      return;
    case std::filesystem::file_type::not_found:
      throw BadImage(std::filesystem::is_symlink(path, failure) ? "it is a link to a file that does not exist"
                                                                : "there is no such file");
    case std::filesystem::file_type::directory:
      throw BadImage("it is a folder, not a file");
    case std::filesystem::file_type::none:
      throw BadImage("it cannot be reached: " + failure.message());
    default:
      throw BadImage("it is a pipe, a socket or a device, not a file");
  }
}

}  // namespace

Image decode(std::string_view bytes) {
  const Header header = read_header(bytes);
  if (bytes.size() > kLargestFile) throw BadImage("it is larger than 1 GiB");
  switch (header.format) {
    case Format::animated_webp:
      return decode_animated_webp(bytes);
    case Format::gif:
      return decode_gif(bytes);
    case Format::masked_bmp:
      return decode_masked_bmp(bytes);
    case Format::pnm:
      return decode_pnm(bytes);
    case Format::tiff:
      return decode_tiff(bytes, header);
    case Format::png:
      require_png_checksums(bytes);
      return decode_with_opencv(bytes, header);
    default:
      return decode_with_opencv(bytes, header);
  }
}

Image decode_reduced(std::string_view bytes, std::int64_t least_side) {
  const Header header = read_header(bytes);
  int divisor = 8;
  while (divisor > 1 && divided(std::min(header.width, header.height), divisor) < least_side) divisor /= 2;
  if (header.format != Format::jpeg || divisor == 1 || bytes.size() > kLargestFile) return decode(bytes);
  return decode_with_opencv(bytes, header, divisor);
}

std::string read_image_file(const std::filesystem::path& path) {
  require_regular_file(path);
  std::error_code failure;
  const std::uintmax_t size = std::filesystem::file_size(path, failure);
  if (failure) throw BadImage("it cannot be read: " + failure.message());
  if (size > kLargestFile) throw BadImage("it is larger than 1 GiB");
  std::ifstream stream(path, std::ios::binary);
  if (!stream) throw BadImage("it cannot be opened; do you have permission to read it?");
  std::string bytes(size, '\0');
  if (!stream.read(bytes.data(), static_cast<std::streamsize>(size))) throw BadImage("it cannot be read to its end");
  return bytes;
}

}  // namespace trefoil::formats
