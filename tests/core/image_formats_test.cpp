// Image formats besides JPEG and PNG. The files are written by hand or by OpenCV.
#include <functional>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>

#include "formats/image_decode.h"
#include "support/catch.h"
#include "support/encoded.h"

using namespace tests;
using namespace trefoil::formats;
using namespace std::string_literals;

namespace {

using Values = std::vector<std::uint8_t>;

std::string little(std::uint32_t value, int bytes) {
  std::string text;
  for (int i = 0; i < bytes; ++i) text += static_cast<char>(value >> (8 * i) & 255U);
  return text;
}

std::string big(std::uint32_t value, int bytes) {
  const std::string text = little(value, bytes);
  return {text.rbegin(), text.rend()};
}

// 13 × 11 pixels of different colours.
cv::Mat picture() {
  cv::Mat matrix(11, 13, CV_8UC3);
  for (int i = 0; i < 11 * 13 * 3; ++i) matrix.data[i] = static_cast<std::uint8_t>(i * 37 % 251);
  return matrix;
}

Values red_green_blue(const cv::Mat& matrix) {
  Values values;
  for (std::size_t i = 0; i < matrix.total(); ++i) {
    for (const std::size_t channel : {2U, 1U, 0U}) values.push_back(matrix.data[3 * i + channel]);
  }
  return values;
}

// Refuses every file that is cut short, and throws nothing but BadImage for damaged ones.
void require_robust(const std::string& file, std::size_t shortest_whole) {
  REQUIRE_NOTHROW(decode(file));
  for (std::size_t size = 0; size < shortest_whole; ++size) {
    CAPTURE(size);
    REQUIRE_THROWS_AS(read_header(file.substr(0, size)), BadImage);
  }
  REQUIRE_THROWS_WITH(read_header(file.substr(0, shortest_whole - 1)),
                      ContainsSubstring("; it was probably cut short"));
  std::uint32_t x = 7;
  const auto random = [&x](std::size_t limit) { return ((x = x * 1664525 + 1013904223) >> 8U) % limit; };
  for (int i = 0; i < 300; ++i) {
    std::string damaged = file;
    for (int k = 0; k < 3; ++k) damaged[4 + random(file.size() - 4)] = static_cast<char>(random(256));
    try {
      if (const Header header = read_header(damaged); header.width * header.height < 100000) decode(damaged);
    } catch (const BadImage&) {
    }
  }
}

struct Frame {
  std::uint32_t left, top, width, height;
  Values pixels;
  bool interlaced = false;
};

// Every pixel is a code of 8 bits, and the decoder never gets far enough to use longer codes.
std::string gif_frame(const Frame& frame) {
  std::string codes = "\x80";  // clear
  for (const std::uint8_t pixel : frame.pixels) codes += static_cast<char>(pixel);
  codes += '\x81';  // end
  return "," + little(frame.left, 2) + little(frame.top, 2) + little(frame.width, 2) + little(frame.height, 2) +
         (frame.interlaced ? "\x40"s : "\0"s) + "\x07" + static_cast<char>(codes.size()) + codes + "\0"s;
}

constexpr int kOpaque = -1;

// Four colours: red, green, blue, and (9, 8, 7).
std::string gif(std::uint32_t width, std::uint32_t height, const std::vector<Frame>& frames,
                int transparent = kOpaque) {
  std::string file = "GIF89a" + little(width, 2) + little(height, 2) + "\x81\x03\0"s +
                     "\xFF\0\0\0\xFF\0\0\0\xFF\x09\x08\x07"s;  // the background is colour 3
  if (transparent != kOpaque) file += "\x21\xF9\x04\x01\0\0"s + static_cast<char>(transparent) + "\0"s;
  for (const Frame& frame : frames) file += gif_frame(frame);
  return file + ";";
}

const Values kRed = {255, 0, 0};
const Values kGreen = {0, 255, 0};
const Values kBlue = {0, 0, 255};
const Values kLast = {9, 8, 7};

Values joined(const std::vector<Values>& parts) {
  Values all;
  for (const Values& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

struct Entry {
  std::uint32_t tag, value;
};

// Uncompressed pixels of 8 bits in one strip. Every number is a short.
std::string tiff(bool is_little, std::uint32_t width, std::uint32_t height, std::uint32_t samples, const Values& pixels,
                 const std::vector<Entry>& more = {}) {
  const std::function<std::string(std::uint32_t, int)> number = is_little ? little : big;
  const std::string bits = number(8, 2) + number(8, 2) + number(8, 2) + number(8, 2);
  std::vector<Entry> entries = {{256, width},   {257, height}, {258, 8},
                                {259, 1},       {262, 2},      {273, 16},
                                {277, samples}, {278, height}, {279, static_cast<std::uint32_t>(pixels.size())}};
  entries.insert(entries.end(), more.begin(), more.end());
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.tag < b.tag; });
  const auto directory = static_cast<std::uint32_t>(16 + pixels.size());
  std::string file = (is_little ? "II*\0"s : "MM\0*"s) + number(directory, 4) + bits +
                     std::string(pixels.begin(), pixels.end()) + number(static_cast<std::uint32_t>(entries.size()), 2);
  for (const Entry& entry : entries) {
    file += number(entry.tag, 2) + number(3, 2);
    file += entry.tag == 258 ? number(samples, 4) + number(8, 4) : number(1, 4) + number(entry.value, 2) + "\0\0"s;
  }
  return file + "\0\0\0\0"s;
}

// A bitmap of 16 or 32 bits for each pixel, with masks.
std::string masked_bmp(std::uint32_t width, std::int32_t height, std::uint32_t bits,
                       const std::vector<std::uint32_t>& masks, const std::string& rows) {
  std::string file = "BM" + little(0, 4) + little(0, 4) + little(66, 4) + little(40, 4) + little(width, 4) +
                     little(static_cast<std::uint32_t>(height), 4) + little(1, 2) + little(bits, 2) + little(3, 4) +
                     std::string(20, '\0');
  for (const std::uint32_t mask : masks) file += little(mask, 4);
  return file + rows;
}

// Chunks of RIFF are padded to whole pairs of bytes.
std::string chunk(const std::string& name, const std::string& payload) {
  return name + little(static_cast<std::uint32_t>(payload.size()), 4) + payload + std::string(payload.size() % 2, '\0');
}

// An animation of pictures at (2, 4), on a canvas of 20 × 16.
std::string animated_webp(const std::vector<cv::Mat>& pictures) {
  std::string chunks =
      chunk("VP8X", "\x02\0\0\0"s + little(19, 3) + little(15, 3)) + chunk("ANIM", std::string(6, '\0'));
  for (const cv::Mat& each : pictures) {
    const std::string still = encode(".webp", each, {cv::IMWRITE_WEBP_QUALITY, 101});
    chunks += chunk("ANMF", little(1, 3) + little(2, 3) + little(static_cast<std::uint32_t>(each.cols) - 1, 3) +
                                little(static_cast<std::uint32_t>(each.rows) - 1, 3) + little(50, 3) + "\0"s +
                                still.substr(12));
  }
  return "RIFF" + little(static_cast<std::uint32_t>(chunks.size()) + 4, 4) + "WEBP" + chunks;
}

}  // namespace

TEST_CASE("of a GIF, the first frame is read", "[images]") {
  const std::string file = gif(2, 2, {{0, 0, 2, 2, {0, 1, 2, 3}}, {0, 0, 2, 2, {3, 3, 3, 3}}});
  const Image image = decode(file);
  REQUIRE((image.width == 2 && image.height == 2));
  REQUIRE(image.rgb == joined({kRed, kGreen, kBlue, kLast}));
  REQUIRE(read_header(file).format == Format::gif);
}

TEST_CASE("pixels of a GIF that its frame does not have get the transparent colour, or the first one", "[images]") {
  const Frame frame{1, 0, 1, 1, {2}};
  REQUIRE(decode(gif(3, 1, {frame})).rgb == joined({kRed, kBlue, kRed}));
  REQUIRE(decode(gif(3, 1, {frame}, 1)).rgb == joined({kGreen, kBlue, kGreen}));
  const Image larger = decode(gif(1, 1, {{1, 1, 1, 1, {2}}}));  // the frame lies outside the screen
  REQUIRE((larger.width == 2 && larger.height == 2));
  REQUIRE(larger.rgb == joined({kRed, kRed, kRed, kBlue}));
}

TEST_CASE("an interlaced GIF is put in order, and a colour beyond the palette is grey", "[images]") {
  REQUIRE(decode(gif(1, 5, {{0, 0, 1, 5, {0, 1, 2, 3, 3}, true}})).rgb == joined({kRed, kLast, kBlue, kLast, kGreen}));
  REQUIRE(decode(gif(1, 1, {{0, 0, 1, 1, {77}}})).rgb == Values{77, 77, 77});
}

TEST_CASE("a GIF that is damaged, empty or too large is refused", "[images]") {
  const std::string file = gif(2, 2, {{0, 0, 2, 2, {0, 1, 2, 3}}}, 1);
  require_robust(file, file.size() - 1);  // the last byte ends the file, and the frame is complete without it
  REQUIRE_THROWS_WITH(read_header(gif(2, 2, {})), "the GIF has no image in it");
  REQUIRE_THROWS_WITH(decode(gif(2, 2, {{0, 0, 2, 2, {0, 1}}})), "the GIF is damaged");
  REQUIRE_THROWS_WITH(read_header(gif(60000, 60000, {{0, 0, 1, 1, {0}}})), ContainsSubstring("3,600 megapixels"));
}

TEST_CASE("PBM, PGM and PPM are read as text and as binary numbers", "[images]") {
  const Values grey = {0, 0, 0, 128, 128, 128, 255, 255, 255};
  REQUIRE(decode("P1 # bits\n3 1 010").rgb == Values{255, 255, 255, 0, 0, 0, 255, 255, 255});
  REQUIRE(decode("P4 3 1\n\x40"s).rgb == Values{255, 255, 255, 0, 0, 0, 255, 255, 255});
  REQUIRE(decode("P2\n3 1\n# half of 2 is 127.5, which becomes 128\n2\n0 1 2").rgb == grey);
  REQUIRE(decode("P5\n3 1\n2\n\x00\x01\x02"s).rgb == grey);
  REQUIRE(decode("P5 3 1 65535\n\x00\x00\x80\x00\xFF\xFF"s).rgb == grey);
  REQUIRE(decode("P3 1 2 255 1 2 3\n4 5 6\n").rgb == Values{1, 2, 3, 4, 5, 6});
  REQUIRE(decode("P6 1 2 255\n\x01\x02\x03\x04\x05\x06"s).rgb == Values{1, 2, 3, 4, 5, 6});
  REQUIRE(decode("P2 1 1 10 11").rgb == Values{255, 255, 255});
}

TEST_CASE("a PNM file that is damaged is refused", "[images]") {
  const std::string binary = "P6 2 1 255\n\x01\x02\x03\x04\x05\x06"s;
  require_robust(binary, binary.size());
  require_robust("P3 2 1 255 1 2 3 4 5 6", 22);
  REQUIRE_THROWS_WITH(read_header("P5 1 1 0 \1"), ContainsSubstring("the largest value is 0"));
  REQUIRE_THROWS_WITH(read_header("P5 1 1 70000 \1"), ContainsSubstring("the largest value is 70000"));
  REQUIRE_THROWS_WITH(read_header("P2 2 1 9 1 x"), "the file has a character where a number is expected");
  REQUIRE_THROWS_WITH(read_header("P5 99999999999999999999 99999999999999999999 1 "), ContainsSubstring("megapixels"));
  REQUIRE_THROWS_WITH(read_header("P5 0 5 255 "), "its header says 0 x 5 pixels");
}

TEST_CASE("TIFF is read in both byte orders, compressed or not", "[images]") {
  const Values pixels = {1, 2, 3, 4, 5, 6};
  for (const bool is_little : {true, false}) {
    const std::string file = tiff(is_little, 2, 1, 3, pixels);
    REQUIRE(decode(file).rgb == pixels);
    require_robust(file, file.size() - 4);  // the last bytes say that there is no second page
  }
  const std::string compressed = encode(".tif", picture());
  REQUIRE(read_header(compressed).format == Format::tiff);
  REQUIRE(decode(compressed).rgb == red_green_blue(picture()));
}

TEST_CASE("a TIFF is turned as it says, and its alpha is dropped", "[images]") {
  const Image turned = decode(tiff(true, 2, 1, 3, {1, 2, 3, 4, 5, 6}, {{274, 6}}));  // by a quarter turn
  REQUIRE((turned.width == 1 && turned.height == 2));
  REQUIRE(turned.rgb == Values{1, 2, 3, 4, 5, 6});
  for (const bool is_little : {true, false}) {
    REQUIRE(decode(tiff(is_little, 1, 1, 4, {200, 100, 50, 10}, {{338, 2}})).rgb == Values{200, 100, 50});
  }
}

TEST_CASE("a TIFF whose pixels are not in the file, or too many, is refused", "[images]") {
  std::string elsewhere = tiff(true, 2, 1, 3, {1, 2, 3, 4, 5, 6});
  elsewhere.replace(elsewhere.find(little(273, 2)) + 8, 2, little(9999, 2));
  REQUIRE_THROWS_WITH(read_header(elsewhere), ContainsSubstring("the TIFF ends before its last pixel"));
  REQUIRE_THROWS_WITH(read_header(tiff(true, 60000, 60000, 3, {1, 2, 3})), ContainsSubstring("3,600 megapixels"));
  REQUIRE_THROWS_WITH(read_header("II*\0\x08\0\0\0\0\0\0\0\0\0"s), ContainsSubstring("lacks the tag 256"));
}

TEST_CASE("a TIFF with damaged compressed pixels is refused", "[images]") {
  // 2 x 1 pixels, by deflate (RFC 1950 and 1951) in one block that is not compressed.
  const Values stream = {0x78, 0x01, 0x01, 6, 0, 0xF9, 0xFF, 1, 2, 3, 4, 5, 6, 0x00, 0x3E, 0x00, 0x16};
  const auto deflated = [](const Values& data) {
    std::string file = tiff(true, 2, 1, 3, data);
    file.replace(file.find(little(259, 2)) + 8, 2, little(8, 2));
    return file;
  };
  REQUIRE(decode(deflated(stream)).rgb == Values{1, 2, 3, 4, 5, 6});
  Values damaged = stream;
  damaged[2] = 0x07;  // a block type that does not exist
  REQUIRE_THROWS_WITH(decode(deflated(damaged)), ContainsSubstring("damaged"));
  REQUIRE(decode(deflated(stream)).rgb == Values{1, 2, 3, 4, 5, 6});  // an error does not stay
  // A tag that libtiff does not know, of a type that it does not know, is no error in the pixels.
  std::string odd = tiff(true, 2, 1, 3, {1, 2, 3, 4, 5, 6}, {{55068, 1}});
  odd.replace(odd.find(little(55068, 2)) + 2, 2, little(99, 2));
  REQUIRE(decode(odd).rgb == Values{1, 2, 3, 4, 5, 6});
  const std::string sound = encode(".tif", picture());  // LZW
  std::string text = sound;
  text.replace(10, 4, "\xFF\xFF\xFF\xFF");
  REQUIRE_THROWS_WITH(decode(text), ContainsSubstring("damaged"));
}

TEST_CASE("the bit masks of a BMP decide its colours", "[images]") {
  // Five, six and five bits: 31 and 63 are 255. The rows go from bottom to top, and are padded to four bytes.
  const std::string small = masked_bmp(1, 2, 16, {0xF800, 0x07E0, 0x001F}, little(0xFFFF, 4) + little(0x0821, 4));
  REQUIRE(read_header(small).format == Format::masked_bmp);
  REQUIRE(decode(small).rgb == Values{8, 4, 8, 255, 255, 255});
  require_robust(small, small.size());
  REQUIRE(decode(masked_bmp(1, -2, 32, {0xFF, 0xFF00, 0xFF0000}, little(0x99030201, 4) + little(0x060504, 4))).rgb ==
          Values{1, 2, 3, 4, 5, 6});
  REQUIRE_THROWS_WITH(decode(masked_bmp(1, 1, 32, {0xFF, 0, 0xFF0000}, little(0, 4))),
                      "the BMP has a channel without bits");
  REQUIRE_THROWS_WITH(decode(masked_bmp(1, 1, 32, {0xFF, 0x5000, 0xFF0000}, little(0, 4))),
                      "the BMP has a channel whose bits are not next to each other");
}

TEST_CASE("of an animated WebP, the first image is read", "[images]") {
  if (!cv::haveImageWriter(".webp")) return;
  const cv::Mat black(11, 13, CV_8UC3, cv::Scalar(0, 0, 0));
  const std::string file = animated_webp({picture(), black});
  REQUIRE(read_header(file).format == Format::animated_webp);
  const Image image = decode(file);
  REQUIRE((image.width == 20 && image.height == 16));
  const Values expected = red_green_blue(picture());
  for (std::size_t y = 0; y < 16; ++y) {
    for (std::size_t x = 0; x < 20; ++x) {
      const bool inside = y >= 4 && y < 15 && x >= 2 && x < 15;
      for (std::size_t c = 0; c < 3; ++c) {
        REQUIRE(image.rgb[(y * 20 + x) * 3 + c] == (inside ? expected[((y - 4) * 13 + x - 2) * 3 + c] : 0));
      }
    }
  }
  require_robust(file, file.size());
}

TEST_CASE("JPEG 2000 is read", "[images]") {
  if (!cv::haveImageWriter(".jp2")) return;
  const cv::Mat large = cv::repeat(picture(), 6, 5);  // the encoder needs 32 pixels
  const std::string file = encode(".jp2", large, {cv::IMWRITE_JPEG2000_COMPRESSION_X1000, 1000});
  REQUIRE(read_header(file).format == Format::jpeg2000);
  REQUIRE(decode(file).rgb == red_green_blue(large));
  for (std::size_t size = 12; size < file.size(); size += 5) {
    REQUIRE_THROWS_WITH(read_header(file.substr(0, size)),
                        "the JPEG 2000 ends before its end marker; it was probably cut short");
  }
}
