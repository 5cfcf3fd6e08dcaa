#include "features/repeated_images.h"

#include <algorithm>
#include <map>

#include "base/text.h"

namespace trefoil::features {

namespace {

// "2 training images, for example train/cat/7.jpg"
std::string with_example(std::size_t count, const std::string& noun, const std::string& name) {
  return base::counted(count, noun) + (count == 1 ? ", " : ", for example ") + name + ",";
}

}  // namespace

std::vector<std::string> repeated_images(const HashedImages& training, const HashedImages& test) {
  struct Count {
    std::size_t count = 0;
    std::string example;

    void add(const data::ImageEntry& image) {
      if (count++ == 0) example = image.name;
    }
  };
  std::map<base::Digest, std::int64_t> label_of;
  Count in_one_class;
  Count in_two_classes;
  for (std::size_t i = 0; i < training.images.size(); ++i) {
    const data::ImageEntry& image = training.images[i];
    const auto [first, is_new] = label_of.emplace(training.contents[i], image.label);
    if (is_new) continue;
    (first->second == image.label ? in_one_class : in_two_classes).add(image);
  }
  Count learnt;
  for (std::size_t i = 0; i < test.images.size(); ++i) {
    if (label_of.count(test.contents[i]) > 0) learnt.add(test.images[i]);
  }

  std::vector<std::string> warnings;
  if (in_one_class.count > 0) {
    warnings.push_back(with_example(in_one_class.count, "training image", in_one_class.example) +
                       (in_one_class.count == 1 ? " has" : " have") +
                       " the same content as an earlier one of the class");
  }
  if (in_two_classes.count > 0) {
    warnings.push_back(with_example(in_two_classes.count, "training image", in_two_classes.example) +
                       (in_two_classes.count == 1 ? " has" : " have") +
                       " the same content as a training image of another class");
  }
  if (learnt.count > 0) {
    const bool labelled = test.images.front().label >= 0;
    warnings.push_back(with_example(learnt.count, "test image", learnt.example) +
                       (learnt.count == 1 ? " is a training image too" : " are training images too") +
                       (labelled ? ", so the accuracy is too good" : ""));
  }
  return warnings;
}

}  // namespace trefoil::features
