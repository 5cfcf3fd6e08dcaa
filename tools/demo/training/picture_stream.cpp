#include "training/picture_stream.h"

#include <ATen/ops/empty.h>

#include <opencv2/core.hpp>
#include <utility>

#include "runtime/blocks.h"
#include "world/caption.h"
#include "world/render.h"

namespace trefoil::demo {

namespace {

PixelFormat pixel_format(std::int64_t resolution) {
  PixelFormat format;
  format.resolution = resolution;
  return format;
}

formats::Image image_of(const cv::Mat& picture) {
  formats::Image image{picture.cols, picture.rows, {}};
  image.rgb.resize(picture.total() * 3);
  for (std::size_t i = 0; i < picture.total(); ++i) {
    for (std::size_t channel = 0; channel < 3; ++channel) {
      image.rgb[3 * i + channel] = picture.data[3 * i + 2 - channel];  // OpenCV stores blue first
    }
  }
  return image;
}

}  // namespace

PictureStream::PictureStream(std::vector<Kind> kinds, const Conditions& conditions, std::int64_t resolution,
                             std::uint64_t seed, int threads)
    : kinds_(std::move(kinds)),
      conditions_(conditions),
      resolution_(resolution),
      writer_(pixel_format(resolution)),
      random_(seed),
      threads_(threads),
      position_(kinds_.size()) {}

const Kind& PictureStream::next_kind() {
  if (position_ == kinds_.size()) {
    random_.shuffle(kinds_);
    position_ = 0;
  }
  return kinds_[position_++];
}

Batch PictureStream::next(std::int64_t size) {
  std::vector<Scene> scenes;
  Batch batch;
  batch.pixels = torch::empty({size, 3, resolution_, resolution_});
  for (std::int64_t i = 0; i < size; ++i) {
    batch.kinds.push_back(next_kind());
    scenes.push_back(draw_scene(batch.kinds.back(), typical(), conditions_, random_));
    batch.captions.push_back(caption(scenes.back(), random_));
  }
  const auto side = static_cast<int>(resolution_);
  auto* pixels = batch.pixels.data_ptr<float>();
  constexpr std::int64_t kPart = 8;
  runtime::in_blocks(
      size, kPart, threads_,
      [&](std::int64_t first, std::int64_t count) {
        for (std::int64_t i = first; i < first + count; ++i) {
          const cv::Mat picture = render(scenes[static_cast<std::size_t>(i)], {side, side});
          writer_.write(image_of(picture), pixels + i * 3 * resolution_ * resolution_);
        }
        return count;
      },
      [](std::int64_t /*count*/) {});
  return batch;
}

}  // namespace trefoil::demo
