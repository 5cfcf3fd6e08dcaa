// The layouts that exist; one file each.
#pragma once

#include "data/layout.h"

namespace trefoil::data {

extern const Layout kFeaturesLayout;  // arrays of features in .npy or .safetensors files
extern const Layout kTipCacheLayout;  // the cache folder of Tip-Adapter and APE

}  // namespace trefoil::data
