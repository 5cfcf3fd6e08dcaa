// Problems: small supports on which a plugin is tried.
#pragma once

#include <string>
#include <vector>

#include "trefoil/channels.h"
#include "trefoil/classifier.h"
#include "trefoil/support.h"

namespace trefoil::conformance {

struct Problem {
  std::string name;  // "classes of 4, 3, 1, 0 and 2 images"
  Support support;
};

// 4 images in each of 5 classes, D = 24: what every plugin has to be able to do.
Problem ordinary_problem();

// What may come besides; a plugin may refuse these, with a message. Classes of different numbers of images, single
// images, none at all, float64, augmented views, a class without text and images, images and texts that are all alike.
std::vector<Problem> unusual_problems();

// Throws Broken when a plugin has changed what it was given.
void require_unchanged(const Support& support, const Support& given);

// [n, D] unit rows of the support's type.
torch::Tensor queries_for(const Support& support);

// The q best by a score that means nothing.
Channels some_channels(const Support& support, std::int64_t q);

// Classifiers as relations make them: of texts only; and with the support images as keys, in these channels.
Classifier text_classifier(const Support& support);
Classifier cache_classifier(const Support& support, const Channels& channels);

}  // namespace trefoil::conformance
