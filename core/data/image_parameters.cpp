#include "data/layouts.h"
#include "data/missing_images.h"
#include "data/shots.h"

namespace trefoil::data {

std::vector<Parameter> with_image_parameters(std::vector<Parameter> own) {
  own.push_back(parameter::integer("shots", 0, {0, 1e9}, "number of training images of each class (K); 0: all"));
  own.push_back(parameter::choice(
      "choose", kShotChoices,
      "how to choose the K images: the first ones, random ones, the nearest to the class mean, "
      "k-medoids, the nearest to the class text, or K that together are most similar to all images of "
      "the class"));
  own.push_back(parameter::path("support_list", "",
                                "support.txt of another run: use exactly these images, and ignore shots and choose"));
  own.push_back(
      parameter::integer("views", 10, {0, 1000},
                         "number of random crops and flips over which the feature of a training image is averaged; 0: "
                         "the whole image"));
  own.push_back(
      parameter::integer("training_views", 0, {0, 1000},
                         "number of random views of each training image for the training of a head, which uses one "
                         "view per epoch in turn; 0: the head trains on the averaged features"));
  own.push_back(kMissingImages);
  own.push_back(parameter::choice("on_bad_image", "fail|skip",
                                  "what to do when an image cannot be read: stop with an error, or skip the image"));
  own.push_back(parameter::choice("decode", "exact|fast",
                                  "decoding of large JPEG files: exact, or fast at a reduced resolution of at least "
                                  "twice that of the encoder, which changes features a little"));
  return own;
}

void add_remark(Dataset& dataset, const std::string& part, const ImageFinder& finder) {
  if (const std::string ignored = finder.ignored(); !ignored.empty()) dataset.remarks.push_back(part + ": " + ignored);
}

}  // namespace trefoil::data
