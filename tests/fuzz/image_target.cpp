// The readers of images: the header, and the pixels of small images. A header may promise up to 179 megapixels, which
// takes seconds to decode, as in Pillow.
#include <opencv2/core.hpp>

#include "formats/image_decode.h"
#include "fuzz_file.h"
#include "refusal.h"

using namespace trefoil;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::int64_t kMostDecoded = 1 << 14;
  [[maybe_unused]] static const bool single_threaded = (cv::setNumThreads(0), true);
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  fuzz::read_or_refuse([&] {
    const formats::Header header = formats::read_header(bytes);
    if (header.width * header.height > kMostDecoded) return;
    const formats::Image image = formats::decode(bytes);
    if (image.rgb.size() != static_cast<std::size_t>(image.width * image.height * formats::kChannels)) std::abort();
  });
  return 0;
}
