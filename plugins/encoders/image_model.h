// Shared by the encoders that encode only images: their pixel format, and class features from a file.
#pragma once

#include <string>
#include <vector>

#include "trefoil/encoder.h"

namespace image_model {

constexpr trefoil::Parameter kTextFeatures = trefoil::parameter::required(
    trefoil::parameter::path("text_features", "", "file of class features [C, D], .npy or .safetensors"));
constexpr trefoil::Parameter kTextTensor =
    trefoil::parameter::text("text_tensor", "", "name of the tensor, if the .safetensors file holds several");
constexpr trefoil::Parameter kTextNames = trefoil::parameter::path(
    "text_names", "",
    "file of the class names, one per line, one for each row; without it the rows are in the order of the classes");
constexpr trefoil::Parameter kResolution =
    trefoil::parameter::integer("resolution", 224, {1, 4096}, "R, side of the input images in pixels");
constexpr trefoil::Parameter kMean = trefoil::parameter::text(
    "mean", "0.48145466 0.4578275 0.40821073", "mean of red, green and blue, each 0 to 1; subtracted from the pixels");
constexpr trefoil::Parameter kDeviation = trefoil::parameter::text(
    "deviation", "0.26862954 0.26130258 0.27577711", "standard deviation of red, green and blue; divides the pixels");

// Both read the parameters above, and throw std::runtime_error that names the parameter or the file.
trefoil::PixelFormat pixel_format(const trefoil::Parameters& parameters);
torch::Tensor text_features(const trefoil::Parameters& parameters);  // [rows of the file, D]

// Returns the rows [C, D] of these classes. Throws std::runtime_error if the file has no row for a class.
torch::Tensor class_features(const trefoil::Parameters& parameters, const std::vector<std::string>& class_names);

// Returns "a, b, c" for a message.
std::string listed(const std::vector<std::string>& names);

}  // namespace image_model
