#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <stdexcept>

#include "formats/image_decode.h"
#include "formats/image_encode.h"
#include "formats/resize.h"
#include "formats/view.h"
#include "support/catch.h"
#include "support/encoded.h"
#include "support/files.h"

using namespace tests;
using namespace trefoil::formats;
using namespace std::string_literals;

namespace {

// The upper bytes of x ← 1664525 x + 1013904223.
Image generated(std::int64_t width, std::int64_t height) {
  Image image{width, height, std::vector<std::uint8_t>(static_cast<std::size_t>(width * height * 3))};
  std::uint32_t x = 1;
  for (std::uint8_t& value : image.rgb) {
    x = x * 1664525 + 1013904223;
    value = static_cast<std::uint8_t>(x >> 24U);
  }
  return image;
}

Image crop(const Image& image, const Box& box) {
  Image result{box.width, box.height, {}};
  for (std::int64_t y = box.top; y < box.top + box.height; ++y) {
    const auto row = image.rgb.begin() + (y * image.width + box.left) * 3;
    result.rgb.insert(result.rgb.end(), row, row + box.width * 3);
  }
  return result;
}

Box whole(const Image& image) { return {0, 0, image.width, image.height}; }

Image resize_whole(const Image& image, Size output) {
  return resize(image, whole(image), output, {0, 0, output.width, output.height});
}

cv::Mat blue_green_red(const Image& image) {
  cv::Mat matrix(static_cast<int>(image.height), static_cast<int>(image.width), CV_8UC3);
  for (std::size_t i = 0; i < image.rgb.size(); ++i) matrix.data[i] = image.rgb[i - i % 3 + 2 - i % 3];
  return matrix;
}

std::string jpeg(const std::vector<int>& settings = {}) {
  return encode(".jpg", blue_green_red(generated(45, 31)), settings);
}

// The JPEG with an application segment in front, as cameras write them.
std::string with_segment(const std::string& file, const std::string& payload) {
  const std::size_t length = payload.size() + 2;
  return file.substr(0, 2) + "\xFF\xE1" + static_cast<char>(length / 256) + static_cast<char>(length % 256) + payload +
         file.substr(2);
}

std::string png_header(std::uint32_t width, std::uint32_t height) {
  std::string bytes = "\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR"s;
  for (const std::uint32_t size : {width, height}) {
    for (const unsigned shift : {24U, 16U, 8U, 0U}) bytes += static_cast<char>(size >> shift & 255U);
  }
  return bytes + "\x08\x02\0\0\0????\0\0\0\0IEND????"s;
}

void require_size(const Header& header, Format format, std::int64_t width, std::int64_t height) {
  REQUIRE(header.format == format);
  REQUIRE(header.width == width);
  REQUIRE(header.height == height);
}

}  // namespace

TEST_CASE("resizing gives what Pillow 9.4.0 gives", "[images]") {
  const std::vector<std::uint8_t> smaller = {75, 73,  108, 162, 84,  92,  199, 146, 104, 185, 213, 144,
                                             44, 103, 146, 108, 170, 110, 149, 106, 98,  146, 141, 92,
                                             97, 147, 204, 166, 166, 101, 152, 170, 83,  112, 150, 101};
  REQUIRE(resize_whole(generated(7, 5), {4, 3}).rgb == smaller);
  const std::vector<std::uint8_t> larger = {
      36,  108, 135, 54,  93,  130, 101, 48,  123, 162, 0,   109, 193, 6,   80,  196, 72,  34,  193, 128, 0,
      194, 148, 0,   48,  102, 133, 64,  91,  128, 106, 55,  120, 161, 17,  105, 190, 27,  78,  197, 87,  38,
      198, 137, 7,   200, 155, 0,   83,  86,  127, 93,  84,  121, 120, 75,  110, 157, 69,  93,  183, 86,  73,
      201, 128, 48,  213, 162, 29,  216, 175, 25,  129, 65,  119, 133, 76,  113, 139, 103, 98,  151, 139, 78,
      172, 165, 66,  207, 184, 62,  232, 195, 60,  239, 201, 60,  164, 49,  113, 162, 69,  106, 153, 123, 88,
      147, 191, 66,  165, 224, 61,  211, 225, 72,  247, 220, 82,  255, 221, 85,  176, 43,  111, 172, 67,  104,
      158, 130, 85,  146, 209, 62,  162, 245, 59,  212, 240, 76,  252, 229, 90,  255, 228, 94};
  REQUIRE(resize_whole(generated(3, 2), {8, 6}).rgb == larger);
}

TEST_CASE("bilinear resizing gives what Pillow 9.4.0 gives", "[images]") {
  const auto resized = [](const Image& image, Size output) {
    return resize(image, whole(image), output, {0, 0, output.width, output.height}, trefoil::Interpolation::bilinear)
        .rgb;
  };
  const std::vector<std::uint8_t> smaller = {81, 73,  111, 159, 90,  95,  194, 148, 105, 185, 204, 138,
                                             53, 109, 143, 111, 164, 107, 148, 111, 96,  144, 140, 90,
                                             99, 148, 195, 163, 165, 108, 150, 165, 87,  113, 153, 105};
  REQUIRE(resized(generated(7, 5), {4, 3}) == smaller);
  const std::vector<std::uint8_t> larger = {
      60,  94, 129, 68,  89, 127, 113, 58,  114, 158, 27,  101, 183, 36,  77, 190, 85,  43, 197, 134, 10, 198, 142, 4,
      60,  94, 129, 68,  89, 127, 113, 58,  114, 158, 27,  101, 183, 36,  77, 190, 85,  43, 197, 134, 10, 198, 142, 4,
      94,  84, 122, 99,  84, 120, 128, 82,  105, 156, 80,  90,  179, 96,  73, 196, 129, 53, 213, 163, 34, 216, 168, 30,
      129, 74, 115, 131, 78, 112, 143, 106, 96,  155, 133, 80,  174, 155, 68, 201, 173, 63, 229, 191, 58, 233, 194, 57,
      163, 64, 108, 162, 73, 105, 158, 130, 87,  153, 186, 69,  170, 215, 64, 207, 217, 73, 245, 220, 82, 251, 220, 83,
      163, 64, 108, 162, 73, 105, 158, 130, 87,  153, 186, 69,  170, 215, 64, 207, 217, 73, 245, 220, 82, 251, 220, 83};
  REQUIRE(resized(generated(3, 2), {8, 6}) == larger);
}

TEST_CASE("a window is a crop of the whole, and a box is cropped before resizing", "[images]") {
  const Image image = generated(53, 41);
  for (const Size output : {Size{20, 70}, Size{97, 13}, Size{53, 41}, Size{1, 1}}) {
    const Image expected = resize_whole(image, output);
    const Box window{output.width / 3, output.height / 4, output.width - output.width / 2,
                     output.height - output.height / 3};
    REQUIRE(resize(image, whole(image), output, window).rgb == crop(expected, window).rgb);
    for (const Box box : {Box{5, 3, 30, 20}, Box{52, 0, 1, 41}, Box{0, 40, 53, 1}}) {
      REQUIRE(resize(image, box, output, window).rgb == crop(resize_whole(crop(image, box), output), window).rgb);
    }
  }
  REQUIRE(resize_whole(image, {53, 41}).rgb == image.rgb);
}

TEST_CASE("an image of one colour keeps it", "[images]") {
  const Image image{31, 17, std::vector<std::uint8_t>(1581, 201)};
  for (const Size output : {Size{7, 5}, Size{64, 64}, Size{1, 90}}) {
    const Image result = resize_whole(image, output);
    REQUIRE(std::all_of(result.rgb.begin(), result.rgb.end(), [](std::uint8_t value) { return value == 201; }));
  }
}

TEST_CASE("framing decides what of an image is seen, and interpolation how it is scaled", "[images]") {
  const Image image = generated(50, 20);
  trefoil::PixelFormat format;
  format.resolution = 7;
  REQUIRE(whole_view(image, format).rgb == clip_crop(image, 7).rgb);
  format.framing = trefoil::Framing::squash;
  REQUIRE(whole_view(image, format).rgb == resize_whole(image, {7, 7}).rgb);
  format.interpolation = trefoil::Interpolation::bilinear;
  const auto bilinear = resize(image, whole(image), {7, 7}, {0, 0, 7, 7}, trefoil::Interpolation::bilinear);
  REQUIRE(whole_view(image, format).rgb == bilinear.rgb);
  REQUIRE(bilinear.rgb != resize_whole(image, {7, 7}).rgb);
  REQUIRE(random_view(image, 7, 5, trefoil::Interpolation::bilinear).rgb != random_view(image, 7, 5).rgb);
}

TEST_CASE("boxes and windows must lie inside", "[images]") {
  const Image image = generated(8, 6);
  REQUIRE_THROWS_AS(resize(image, {1, 0, 8, 6}, {4, 4}, {0, 0, 4, 4}), std::invalid_argument);
  REQUIRE_THROWS_AS(resize(image, {0, -1, 8, 6}, {4, 4}, {0, 0, 4, 4}), std::invalid_argument);
  REQUIRE_THROWS_AS(resize(image, whole(image), {4, 4}, {0, 1, 4, 4}), std::invalid_argument);
  REQUIRE_THROWS_AS(resize(image, whole(image), {4, 4}, {0, 0, 0, 4}), std::invalid_argument);
  REQUIRE_THROWS_AS(resize({8, 7, image.rgb}, whole(image), {4, 4}, {0, 0, 4, 4}), std::invalid_argument);
  REQUIRE_THROWS_AS(clip_crop({}, 4), std::invalid_argument);
  REQUIRE_THROWS_AS(random_view({}, 4, 1), std::invalid_argument);
}

TEST_CASE("CLIP's crop is the middle of the image resized by its short side", "[images]") {
  const Image wide = generated(50, 20);  // becomes 17 x 7; (17 - 7) / 2 = 5
  REQUIRE(clip_crop(wide, 7).rgb == crop(resize_whole(wide, {17, 7}), {5, 0, 7, 7}).rgb);
  const Image tall = generated(20, 29);  // becomes 7 x 10; half of 3 is rounded to 2
  REQUIRE(clip_crop(tall, 7).rgb == crop(resize_whole(tall, {7, 10}), {0, 2, 7, 7}).rgb);
  const Image nearly_square = generated(40, 46);  // becomes 7 x 8; half of 1 is rounded to 0
  REQUIRE(clip_crop(nearly_square, 7).rgb == crop(resize_whole(nearly_square, {7, 8}), {0, 0, 7, 7}).rgb);
  const Image endless = clip_crop(generated(60000, 2), 224);  // the whole would be 6,720,000 pixels wide
  REQUIRE(endless.rgb.size() == std::size_t{224} * 224 * 3);
}

TEST_CASE("a seed decides a random view", "[images]") {
  const View view = choose_view({500, 375}, 1);  // as torchvision's get_params, given the same random numbers
  REQUIRE(std::vector<std::int64_t>{view.box.left, view.box.top, view.box.width, view.box.height} ==
          std::vector<std::int64_t>{198, 4, 294, 362});
  REQUIRE(view.mirrored);
  const Image image = generated(50, 37);
  REQUIRE(random_view(image, 16, 5).rgb == random_view(image, 16, 5).rgb);
  REQUIRE(random_view(image, 16, 5).rgb != random_view(image, 16, 6).rgb);
}

TEST_CASE("random views keep to their ranges and cover them", "[images]") {
  double smallest = 1.0;
  double largest = 0.0;
  int mirrored = 0;
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    const View view = choose_view({400, 300}, seed);
    const double scale = static_cast<double>(view.box.width * view.box.height) / (400.0 * 300.0);
    const double ratio = static_cast<double>(view.box.width) / static_cast<double>(view.box.height);
    REQUIRE((ratio > 0.74 && ratio < 1.35));
    REQUIRE((view.box.left >= 0 && view.box.left + view.box.width <= 400));
    REQUIRE((view.box.top >= 0 && view.box.top + view.box.height <= 300));
    smallest = std::min(smallest, scale);
    largest = std::max(largest, scale);
    if (view.mirrored) ++mirrored;
  }
  REQUIRE((smallest > 0.495 && smallest < 0.51));
  REQUIRE((largest > 0.95 && largest <= 1.0));
  REQUIRE((mirrored > 450 && mirrored < 550));
}

TEST_CASE("an image that no random view fits shows its middle", "[images]") {
  const View view = choose_view({3000, 30}, 9);
  REQUIRE(view.box.left == 1480);
  REQUIRE(view.box.width == 40);
  REQUIRE(view.box.height == 30);
  const Image strip = generated(3000, 30);
  const Image straight = resize(strip, view.box, {8, 8}, {0, 0, 8, 8});
  Image result = random_view(strip, 8, 9);
  if (view.mirrored) {
    for (std::int64_t i = 0; i < 64; i += 8) {
      for (std::int64_t x = 0; x < 4; ++x) {
        std::swap_ranges(&result.rgb[(i + x) * 3], &result.rgb[(i + x) * 3] + 3, &result.rgb[(i + 7 - x) * 3]);
      }
    }
  }
  REQUIRE(result.rgb == straight.rgb);
}

TEST_CASE("headers tell format and size", "[images]") {
  const cv::Mat matrix = blue_green_red(generated(45, 31));
  require_size(read_header(jpeg()), Format::jpeg, 45, 31);
  require_size(read_header(jpeg({cv::IMWRITE_JPEG_PROGRESSIVE, 1})), Format::jpeg, 45, 31);
  require_size(read_header(jpeg({cv::IMWRITE_JPEG_RST_INTERVAL, 2})), Format::jpeg, 45, 31);
  require_size(read_header(encode(".png", matrix)), Format::png, 45, 31);
  require_size(read_header(encode(".bmp", matrix)), Format::bmp, 45, 31);
  if (cv::haveImageWriter(".webp")) {
    require_size(read_header(encode(".webp", matrix, {cv::IMWRITE_WEBP_QUALITY, 101})), Format::webp, 45, 31);
    require_size(read_header(encode(".webp", matrix, {cv::IMWRITE_WEBP_QUALITY, 80})), Format::webp, 45, 31);
  }
  require_size(read_header("RIFF\x16\0\0\0WEBPVP8X\x0A\0\0\0\0\0\0\0\x2C\0\0\x1E\0\0"s), Format::webp, 45, 31);
  require_size(read_header(png_header(178956970, 1)), Format::png, 178956970, 1);
}

TEST_CASE("a file that was cut short anywhere is refused", "[images]") {
  const cv::Mat matrix = blue_green_red(generated(45, 31));
  std::vector<std::string> files = {jpeg(), jpeg({cv::IMWRITE_JPEG_PROGRESSIVE, 1}), with_segment(jpeg(), jpeg()),
                                    encode(".png", matrix), encode(".bmp", matrix)};
  if (cv::haveImageWriter(".webp")) files.push_back(encode(".webp", matrix));
  for (const std::string& file : files) {
    REQUIRE_NOTHROW(read_header(file));
    REQUIRE_NOTHROW(read_header(file + "\xFF\xD8 and something behind it"));
    for (std::size_t size = 20; size < file.size(); size += 7) {
      REQUIRE_THROWS_WITH(decode(file.substr(0, size)), ContainsSubstring("; it was probably cut short"));
    }
    for (std::size_t size = 0; size < 20; ++size) REQUIRE_THROWS_AS(decode(file.substr(0, size)), BadImage);
  }
  REQUIRE_THROWS_WITH(read_header(jpeg().substr(0, 400)),
                      "the JPEG ends before its end marker; it was probably cut short");
}

TEST_CASE("what is no image, or too large an image, is refused", "[images]") {
  REQUIRE_THROWS_WITH(read_header(""), "the file is empty");
  for (const std::string& other : {"GIF90a"s, "BMW and other makers of cars"s, std::string(100, '\0'), "\xFF\xD8"s}) {
    REQUIRE_THROWS_WITH(read_header(other), ContainsSubstring("it is not an image of a known format"));
  }
  REQUIRE_THROWS_WITH(read_header(png_header(25000, 20000)),
                      "its header says 25000 x 20000 pixels, that is 500 megapixels; the limit is 178, as in Pillow");
  REQUIRE_THROWS_WITH(read_header(png_header(178956971, 1)), ContainsSubstring("179 megapixels"));
  REQUIRE_THROWS_WITH(read_header(png_header(0xFFFFFFFF, 0xFFFFFFFF)), ContainsSubstring("4294967295 x 4294967295"));
  REQUIRE_THROWS_WITH(read_header(png_header(0, 5)), "its header says 0 x 5 pixels");
  REQUIRE_THROWS_WITH(read_header("\xFF\xD8\xFF\xD9"s), "the JPEG has no image in it");
  REQUIRE_THROWS_WITH(read_header("RIFF\x04\0\0\0WEBPICCP"s), "the WebP does not begin with an image chunk");
  REQUIRE_THROWS_WITH(read_header("\x89PNG\r\n\x1A\n\0\0\0\0IEND????"s),
                      "the PNG does not begin with its header chunk");
  REQUIRE_THROWS_WITH(decode(png_header(5, 5)), ContainsSubstring("it cannot be decoded"));
}

TEST_CASE("of a JPEG with two frames the first one counts, as for decoders", "[images]") {
  const std::string small_frame = "\xFF\xC0\0\x0B\x08\0\1\0\1\1\1\x11\0"s;  // 1 x 1 pixel
  std::string file = jpeg();
  file.insert(file.size() - 2, small_frame);
  require_size(read_header(file), Format::jpeg, 45, 31);
  file.replace(file.find("\xFF\xC0"s) + 5, 4, "\x7F\xFF\x7F\xFF"s);
  REQUIRE_THROWS_WITH(read_header(file), ContainsSubstring("32767 x 32767 pixels, that is 1,074 megapixels"));
}

TEST_CASE("every kind of picture becomes 8-bit RGB", "[images]") {
  const Image image = generated(9, 7);
  const cv::Mat matrix = blue_green_red(image);
  REQUIRE(decode(encode(".png", matrix)).rgb == image.rgb);
  REQUIRE(decode(encode(".bmp", matrix)).rgb == image.rgb);
  if (cv::haveImageWriter(".webp")) {
    REQUIRE(decode(encode(".webp", matrix, {cv::IMWRITE_WEBP_QUALITY, 101})).rgb == image.rgb);
  }
  const cv::Mat grey = (cv::Mat_<std::uint8_t>(1, 3) << 0, 7, 255);
  REQUIRE(decode(encode(".png", grey)).rgb == std::vector<std::uint8_t>{0, 0, 0, 7, 7, 7, 255, 255, 255});
  const cv::Mat transparent(1, 1, CV_8UC4, cv::Scalar(30, 20, 10, 0));
  REQUIRE(decode(encode(".png", transparent)).rgb == std::vector<std::uint8_t>{10, 20, 30});
  const cv::Mat deep(1, 1, CV_16UC3, cv::Scalar(0x03FF, 0x0200, 0x0180));
  REQUIRE(decode(encode(".png", deep)).rgb == std::vector<std::uint8_t>{1, 2, 3});
}

TEST_CASE("a JPEG of a picture looks like it", "[images]") {
  Image image{40, 30, {}};
  for (int pixel = 0; pixel < 40 * 30; ++pixel) image.rgb.insert(image.rgb.end(), {200, 30, 90});
  const Image back = decode(encode_jpeg(image));
  REQUIRE((back.width == 40 && back.height == 30));
  for (std::size_t i = 0; i < image.rgb.size(); ++i) REQUIRE(std::abs(back.rgb[i] - image.rgb[i]) <= 4);
}

TEST_CASE("a palette is looked up", "[images]") {
  // Written by Pillow: 3 x 2 pixels of 2 bits, colours 0 1 2 and 3 0 1.
  const std::string file =
      "\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR\0\0\0\x03\0\0\0\x02\x02\x03\0\0\0\xE0\x1A\x8E\x89"
      "\0\0\0\x0CPLTE\xFF\0\0\0\xC8\x0A\x01\x02\x03\x5A\x50\x46\xE9\xC5\x78\x83"
      "\0\0\0\x0CIDAT\x78\x9C\x63\x90\x60\x38\x02\0\x01\x10\0\xDD\x11\xE5\x0F\x22"
      "\0\0\0\0IEND\xAE\x42\x60\x82"s;
  REQUIRE(decode(file).rgb ==
          std::vector<std::uint8_t>{255, 0, 0, 0, 200, 10, 1, 2, 3, 90, 80, 70, 255, 0, 0, 0, 200, 10});
}

TEST_CASE("a PNG with a wrong checksum is refused, unless the chunk does not decide the pixels", "[images]") {
  const std::string sound = encode(".png", blue_green_red(generated(5, 4)));
  for (const char* chunk : {"IHDR", "IDAT", "IEND"}) {
    std::string damaged = sound;
    damaged[damaged.find(chunk) + 8] ^= 1;
    if (std::string_view(chunk) == "IEND") damaged = sound.substr(0, sound.size() - 1) + '?';
    REQUIRE_THROWS_WITH(decode(damaged), ContainsSubstring("its chunk '" + std::string(chunk) + "' is damaged"));
  }
  const std::string comment = "\0\0\0\x03tEXta\0b????"s;
  REQUIRE(decode(sound.substr(0, 33) + comment + sound.substr(33)).rgb == decode(sound).rgb);
}

TEST_CASE("EXIF changes nothing: neither an orientation nor a thumbnail", "[images]") {
  // TIFF 6.0, big-endian: one entry, tag 0x0112 (orientation), one short, 6 (turn by 90 degrees).
  const std::string turn = "Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"s;
  const std::string thumbnail = "Exif\0\0"s + encode(".jpg", blue_green_red(generated(8, 8)));
  for (const std::string& payload : {turn, thumbnail}) {
    const Image image = decode(with_segment(jpeg(), payload));
    REQUIRE(image.width == 45);
    REQUIRE(image.rgb == decode(jpeg()).rgb);
  }
}

TEST_CASE("damaged bytes are decoded or refused, never worse", "[images]") {
  const cv::Mat matrix = blue_green_red(generated(45, 31));
  std::uint32_t x = 7;
  const auto random = [&x](std::size_t limit) { return ((x = x * 1664525 + 1013904223) >> 8U) % limit; };
  for (const std::string& file : {jpeg(), encode(".png", matrix), encode(".bmp", matrix)}) {
    for (int i = 0; i < 2000; ++i) {
      std::string damaged = file;
      for (int k = 0; k < 3; ++k) damaged[random(i % 2 == 0 ? 60 : file.size())] = static_cast<char>(random(256));
      try {
        read_header(damaged);
      } catch (const BadImage&) {
      }
    }
  }
}

TEST_CASE("only files that can be read are read", "[images]") {
  const TemporaryFolder folder;
  REQUIRE(read_image_file(folder.write("a", "bytes\0!"s)) == "bytes\0!"s);
  REQUIRE(read_image_file(folder.write("empty", "")).empty());
  std::filesystem::create_symlink(folder / "a", folder / "good link");
  REQUIRE(read_image_file(folder / "good link") == "bytes\0!"s);
  REQUIRE_THROWS_WITH(read_image_file(folder / "missing"), "there is no such file");
  REQUIRE_THROWS_WITH(read_image_file(folder.path()), "it is a folder, not a file");
  std::filesystem::create_symlink(folder / "missing", folder / "link");
  REQUIRE_THROWS_WITH(read_image_file(folder / "link"), "it is a link to a file that does not exist");
  std::filesystem::create_symlink(folder / "loop", folder / "loop");
  REQUIRE_THROWS_WITH(read_image_file(folder / "loop"), ContainsSubstring("it cannot be reached: "));
  REQUIRE(mkfifo((folder / "pipe").c_str(), 0600) == 0);
  REQUIRE_THROWS_WITH(read_image_file(folder / "pipe"), "it is a pipe, a socket or a device, not a file");
  REQUIRE_THROWS_WITH(read_image_file("/dev/null"), "it is a pipe, a socket or a device, not a file");
  std::filesystem::resize_file(folder.write("large", "x"), (std::uintmax_t{1} << 30U) + 1);  // takes no space
  REQUIRE_THROWS_WITH(read_image_file(folder / "large"), "it is larger than 1 GiB");
  if (geteuid() == 0) return;  // root may read everything
  std::filesystem::permissions(folder / "a", std::filesystem::perms::none);
  REQUIRE_THROWS_WITH(read_image_file(folder / "a"), "it cannot be opened; do you have permission to read it?");
}
