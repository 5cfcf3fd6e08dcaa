#include "formats/image_webp.h"

#include <webp/demux.h>

#include <memory>

#include "base/text.h"
#include "formats/image_bytes.h"

namespace trefoil::formats {

namespace {

struct DeleteDecoder {
  void operator()(WebPAnimDecoder* decoder) const { WebPAnimDecoderDelete(decoder); }
};

}  // namespace

bool is_webp(std::string_view file) {
  return file.size() >= 12 && base::starts_with(file, "RIFF") && file.substr(8, 4) == "WEBP";
}

// A WebP file is a RIFF file (RFC 9649). Its first chunk has the size; there are three kinds of first chunk.
Header read_webp_header(std::string_view file) {
  constexpr std::uint64_t kFourteenBits = 0x3FFF;
  constexpr std::uint64_t kAnimated = 0x02;
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
    const Format format = (bytes.at(20) & kAnimated) != 0 ? Format::animated_webp : Format::webp;
    header = make_header(format, bytes.little_endian(24, 3) + 1, bytes.little_endian(27, 3) + 1);
  } else {
    throw BadImage("the WebP does not begin with an image chunk");
  }
  bytes.require(8 + bytes.little_endian(4, 4));
  return header;
}

Image decode_animated_webp(std::string_view file) {
  const WebPData data{reinterpret_cast<const std::uint8_t*>(file.data()), file.size()};
  const std::unique_ptr<WebPAnimDecoder, DeleteDecoder> decoder(WebPAnimDecoderNew(&data, nullptr));
  WebPAnimInfo info{};
  std::uint8_t* pixels = nullptr;  // red, green, blue, alpha; belongs to the decoder
  int time = 0;
  if (!decoder || WebPAnimDecoderGetInfo(decoder.get(), &info) == 0 ||
      WebPAnimDecoderGetNext(decoder.get(), &pixels, &time) == 0) {
    throw BadImage("it is an animated WebP whose first image cannot be decoded: its data are damaged");
  }
  Image image{info.canvas_width, info.canvas_height, {}};
  const std::size_t count = static_cast<std::size_t>(info.canvas_width) * info.canvas_height;
  image.rgb.reserve(count * kChannels);
  for (std::size_t i = 0; i < count; ++i, pixels += 4) image.rgb.insert(image.rgb.end(), pixels, pixels + kChannels);
  return image;
}

}  // namespace trefoil::formats
