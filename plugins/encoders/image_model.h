// What encoders of images only have in common: the format of their pixels, and features of the classes from a file.
#pragma once

#include <string>
#include <vector>

#include "trefoil/encoder.h"

namespace image_model {

constexpr trefoil::Parameter kTextFeatures = trefoil::parameter::required(
    trefoil::parameter::path("text_features", "", "features of the classes [C, D], .npy or .safetensors"));
constexpr trefoil::Parameter kTextTensor =
    trefoil::parameter::text("text_tensor", "", "name of the tensor, where the .safetensors file holds several");
constexpr trefoil::Parameter kTextNames = trefoil::parameter::path(
    "text_names", "", "their class names, one a line; without it the rows are in the order of the classes");
constexpr trefoil::Parameter kResolution =
    trefoil::parameter::integer("resolution", 224, {1, 4096}, "R, side of the images in pixels");
constexpr trefoil::Parameter kMean = trefoil::parameter::text("mean", "0.48145466 0.4578275 0.40821073",
                                                              "subtracted from red, green, blue, each 0 to 1");
constexpr trefoil::Parameter kDeviation = trefoil::parameter::text("deviation", "0.26862954 0.26130258 0.27577711",
                                                                   "by which red, green, blue are then divided");

// Each reads the parameters above. Throws std::runtime_error naming the parameter, or the file.
trefoil::PixelFormat pixel_format(const trefoil::Parameters& parameters);
torch::Tensor text_features(const trefoil::Parameters& parameters);  // [rows of the file, D]

// The rows of these classes [C, D]. Throws likewise when one is not among them.
torch::Tensor class_features(const trefoil::Parameters& parameters, const std::vector<std::string>& class_names);

}  // namespace image_model
