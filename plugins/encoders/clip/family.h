// Family: what all models of one kind have in common.
#pragma once

#include <cstdint>
#include <optional>

#include "attention.h"
#include "compute.h"
#include "trefoil/pixel_format.h"

namespace clip {

struct Family {
  const char* name;
  Mask text_mask;
  // These hold where no configuration says otherwise.
  Activation activation;        // of the transformers
  float epsilon;                // of layer normalisation
  trefoil::PixelFormat pixels;  // but for the resolution
  // Returns the number of attention heads of an image transformer of this width, if all models of the family agree.
  std::optional<std::int64_t> (*image_heads)(std::int64_t width);
  std::optional<std::int64_t> (*text_heads)(std::int64_t width);
};

// CLIP (Radford et al., ICML 2021), also in open_clip's sizes.
const Family& clip_family();

// SigLIP (Zhai et al., ICCV 2023) and SigLIP 2 of a fixed resolution (Tschannen et al., 2025).
const Family& siglip_family();

}  // namespace clip
