#include "features/pixels.h"

namespace trefoil::features {

PixelWriter::PixelWriter(const PixelFormat& format) {
  for (std::size_t channel = 0; channel < value_.size(); ++channel) {
    for (std::size_t level = 0; level < value_[channel].size(); ++level) {
      value_[channel][level] = (static_cast<float>(level) / 255.0F - format.mean[channel]) / format.deviation[channel];
    }
  }
}

void PixelWriter::write(const formats::Image& image, float* target) const {
  const std::size_t count = image.rgb.size() / value_.size();
  for (std::size_t channel = 0; channel < value_.size(); ++channel) {
    for (std::size_t i = 0; i < count; ++i) *target++ = value_[channel][image.rgb[value_.size() * i + channel]];
  }
}

}  // namespace trefoil::features
