#include "data/layouts.h"
#include "data/missing_images.h"

namespace trefoil::data {

std::vector<Parameter> with_image_parameters(std::vector<Parameter> own) {
  own.push_back(parameter::integer("shots", 0, {0, 1e9}, "K, how many training images of each class; 0 uses all"));
  own.push_back(parameter::choice("choose", "first|random|herding|diverse|text",
                                  "which K: the first of the list, random ones, those nearest to the class mean, "
                                  "k-medoids, those nearest to the class text"));
  own.push_back(parameter::path("support_list", "",
                                "support.txt of another run: take exactly these images, instead of shots and choose"));
  own.push_back(parameter::integer(
      "views", 10, {0, 1000}, "random crops and flips that a training image is averaged over; 0: the plain image"));
  own.push_back(parameter::integer("training_views", 0, {0, 1000},
                                   "random views of each training image that a head trains on, one an epoch in turn; "
                                   "0: it trains on the averaged ones"));
  own.push_back(kMissingImages);
  own.push_back(parameter::choice("on_bad_image", "fail|skip",
                                  "what an image that cannot be read means: stop, or go on without it"));
  return own;
}

}  // namespace trefoil::data
