#include "formats/image_jpeg2000.h"

#include <algorithm>

#include "base/text.h"
#include "formats/image_bytes.h"

namespace trefoil::formats {

namespace {

using namespace std::string_view_literals;

constexpr std::string_view kJp2Signature = "\0\0\0\x0CjP  \r\n\x87\n"sv;
constexpr std::string_view kCodestream = "\xFF\x4F\xFF\x51"sv;  // the markers SOC and SIZ
constexpr const char* kNoEndMarker = "the JPEG 2000 ends before its end marker";

// A .jp2 file is a list of boxes of length, type and content (ITU-T T.800, annex I). The length 0 means: to the end of
// the file. The length 1 means: eight bytes with the length come after the type.
std::string_view codestream_of(std::string_view file) {
  const Bytes bytes(file, kNoEndMarker);
  for (std::uint64_t position = 0;;) {
    std::uint64_t length = bytes.big_endian(position, 4);
    const std::uint64_t begin = position + (length == 1 ? 16 : 8);
    if (length == 1) length = bytes.big_endian(position + 8, 8);
    const std::uint64_t most = file.size() - position;  // at least 8, as the two numbers could be read
    if (length == 0) length = most;
    const bool found = bytes.text(position + 4, 4) == "jp2c";
    bytes.require(position + std::min(length, most + 1));
    if (position + length < begin) throw BadImage("the JPEG 2000 is damaged");
    if (found) return file.substr(begin, position + length - begin);
    position += length;
  }
}

}  // namespace

bool is_jpeg2000(std::string_view file) {
  return base::starts_with(file, kJp2Signature) || base::starts_with(file, kCodestream);
}

Header read_jpeg2000_header(std::string_view file) {
  const std::string_view stream = base::starts_with(file, kJp2Signature) ? codestream_of(file) : file;
  const Bytes bytes(stream, kNoEndMarker);
  if (!base::starts_with(stream, kCodestream)) throw BadImage("the JPEG 2000 does not begin with its header");
  const std::uint64_t right = bytes.big_endian(8, 4);
  const std::uint64_t bottom = bytes.big_endian(12, 4);
  const std::uint64_t left = bytes.big_endian(16, 4);
  const std::uint64_t top = bytes.big_endian(20, 4);
  const std::uint64_t channels = bytes.big_endian(40, 2);
  if (left > right || top > bottom) throw BadImage("the header of the JPEG 2000 has an impossible size");
  if (channels > 4) throw BadImage("the JPEG 2000 has more than four channels");
  const Header header = make_header(Format::jpeg2000, right - left, bottom - top);
  if (stream.substr(stream.size() - 2) != "\xFF\xD9"sv) bytes.refuse_as_cut_short();
  return header;
}

}  // namespace trefoil::formats
