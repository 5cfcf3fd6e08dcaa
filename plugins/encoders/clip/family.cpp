#include "family.h"

#include "fused_attention.h"

namespace clip {

namespace {

std::optional<std::int64_t> heads_of_64(std::int64_t width) {
  if (width < kHeadWidth || width % kHeadWidth != 0) return std::nullopt;
  return width / kHeadWidth;
}

// ViT-H/14 has 16 heads of 80 channels, ViT-g/14 16 heads of 88, ViT-bigG/14 16 heads of 104. Other widths may have
// heads of 64.
std::optional<std::int64_t> heads_of_clip_images(std::int64_t width) {
  const bool has_wide_heads = width == 1280 || width == 1408 || width == 1664;
  return has_wide_heads ? std::nullopt : heads_of_64(width);
}

// Base, Large, So400m and giant-opt, which are all released sizes.
std::optional<std::int64_t> heads_of_siglip(std::int64_t width) {
  switch (width) {
    case 768:
      return 12;
    case 1024:
    case 1152:
    case 1536:
      return 16;
    default:
      return std::nullopt;
  }
}

trefoil::PixelFormat siglip_pixels() {
  trefoil::PixelFormat format;
  format.mean = {0.5F, 0.5F, 0.5F};
  format.deviation = {0.5F, 0.5F, 0.5F};
  format.framing = trefoil::Framing::squash;
  return format;
}

}  // namespace

const Family& clip_family() {
  static const Family kFamily = {
      "CLIP", Mask::causal, Activation::quick_gelu, 1e-5F, trefoil::PixelFormat{}, heads_of_clip_images, heads_of_64};
  return kFamily;
}

const Family& siglip_family() {
  static const Family kFamily = {"SigLIP",        Mask::none,      Activation::gelu_tanh, 1e-6F,
                                 siglip_pixels(), heads_of_siglip, heads_of_siglip};
  return kFamily;
}

}  // namespace clip
