// All layouts. Each has its own source file.
#pragma once

#include "data/image_files.h"
#include "data/layout.h"

namespace trefoil::data {

extern const Layout kFeaturesLayout;  // arrays of features in .npy or .safetensors files
extern const Layout kTipCacheLayout;  // the cache folder of Tip-Adapter and APE
extern const Layout kTrack1Layout;    // the images and lists of Jittor's Track 1
extern const Layout kFolderLayout;    // images in CLASS/…/image
extern const Layout kCoopLayout;      // the images, splits and few-shot files of CoOp
extern const Layout kListsLayout;     // images, and lists of them with their classes

// Returns `own` and the parameters that every layout of images has: the number and choice of training images, their
// views, and what to do about missing and bad images.
std::vector<Parameter> with_image_parameters(std::vector<Parameter> own);

// Adds a remark about the files of this part that the finder ignored, if there are any.
void add_remark(Dataset& dataset, const std::string& part, const ImageFinder& finder);

}  // namespace trefoil::data
