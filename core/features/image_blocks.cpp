#include "features/image_blocks.h"

#include <ATen/ops/empty.h>

#include <algorithm>

#include "formats/view.h"

namespace trefoil::features {

namespace {

std::string_view bytes_of(const base::Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

base::Digest item_of(const base::Digest& content, const Views& views) {
  if (views.count == 0) return content;
  return base::sha256_digest("views " + std::to_string(views.count) + " seed " + std::to_string(views.seed) + " of " +
                             std::string(bytes_of(content)));
}

std::uint64_t view_seed(const base::Digest& item, std::int64_t view) {
  const base::Digest digest = base::sha256_digest(std::string(bytes_of(item)) + " view " + std::to_string(view));
  std::uint64_t seed = 0;
  for (std::size_t i = 0; i < sizeof(seed); ++i) seed |= std::uint64_t{digest[i]} << (8 * i);
  return seed;
}

void write_views(const formats::Image& image, const base::Digest& item, const Views& views, const PixelFormat& format,
                 const PixelWriter& writer, float* target) {
  if (views.count == 0) {
    writer.write(formats::whole_view(image, format), target);
    return;
  }
  const std::int64_t side = format.resolution;
  for (std::int64_t i = 0; i < views.count; ++i, target += 3 * side * side) {
    writer.write(formats::random_view(image, side, view_seed(item, i), format.interpolation), target);
  }
}

// Pillow, too, keeps twice the size that it scales to (reducing_gap of Image.thumbnail).
constexpr std::int64_t kReducingGap = 2;

formats::Image decoded(std::string_view bytes, const Views& views, const PixelFormat& format, formats::Decode decode) {
  const bool is_reduced = decode == formats::Decode::fast && views.count == 0;
  return is_reduced ? formats::decode_reduced(bytes, kReducingGap * format.resolution) : formats::decode(bytes);
}

}  // namespace

ScannedImage scan_image(const std::filesystem::path& file, const Views& views) {
  ScannedImage scanned;
  try {
    const std::string bytes = formats::read_image_file(file);
    scanned.content = base::sha256_digest(bytes);
    scanned.item = item_of(scanned.content, views);
    formats::read_header(bytes);
  } catch (const formats::BadImage& problem) {
    scanned.problem = problem.what();
  }
  return scanned;
}

PixelBlock read_pixels(const std::vector<std::filesystem::path>& files, const Views& views, const PixelFormat& format,
                       formats::Decode decode, const PixelWriter& writer) {
  const std::int64_t side = format.resolution;
  const std::int64_t per_image = std::max<std::int64_t>(1, views.count);
  PixelBlock block;
  block.pixels = torch::empty({static_cast<std::int64_t>(files.size()) * per_image, 3, side, side});
  auto* target = block.pixels.data_ptr<float>();
  for (const std::filesystem::path& file : files) {
    try {
      const std::string bytes = formats::read_image_file(file);
      const base::Digest item = item_of(base::sha256_digest(bytes), views);
      write_views(decoded(bytes, views, format, decode), item, views, format, writer, target);
      block.items.push_back(item);
      target += per_image * 3 * side * side;
    } catch (const formats::BadImage& problem) {
      block.problems.push_back(file.string() + ": " + problem.what());
    }
  }
  block.pixels = block.pixels.narrow(0, 0, static_cast<std::int64_t>(block.items.size()) * per_image);
  return block;
}

}  // namespace trefoil::features
