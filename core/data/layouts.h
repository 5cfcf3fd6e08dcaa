// The layouts that exist; one file each.
#pragma once

#include "data/layout.h"

namespace trefoil::data {

extern const Layout kFeaturesLayout;  // arrays of features in .npy or .safetensors files
extern const Layout kTipCacheLayout;  // the cache folder of Tip-Adapter and APE
extern const Layout kTrack1Layout;    // photos as Jittor's Track 1 has them
extern const Layout kFolderLayout;    // photos in class/…/image

// `own` and what is the same in every layout of images: how many to take, which, and how they are shown.
std::vector<Parameter> with_image_parameters(std::vector<Parameter> own);

}  // namespace trefoil::data
