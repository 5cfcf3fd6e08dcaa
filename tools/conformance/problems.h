// Problems: small synthetic supports to test a plugin on.
#pragma once

#include <string>
#include <vector>

#include "trefoil/channels.h"
#include "trefoil/classifier.h"
#include "trefoil/support.h"

namespace trefoil::conformance {

struct Problem {
  std::string name;  // "classes with 4, 3, 1, 0 and 2 images"
  Support support;
};

// Returns 5 classes with 4 images each, D = 24. Every plugin must solve it.
Problem ordinary_problem();

// Returns problems that a plugin may refuse with a message: different numbers of images per class, single images, no
// images, float64, augmented views, a class with neither text nor images, equal images and equal texts.
std::vector<Problem> unusual_problems();

// Throws Broken if the support differs from `given`.
void require_unchanged(const Support& support, const Support& given);

// Returns queries [n, D]: unit rows of the support's type.
torch::Tensor queries_for(const Support& support);

// Returns q channels, by an arbitrary score.
Channels some_channels(const Support& support, std::int64_t q);

// Return classifiers as relations make them: with texts only, or with the support images as keys in these channels.
Classifier text_classifier(const Support& support);
Classifier cache_classifier(const Support& support, const Channels& channels);

}  // namespace trefoil::conformance
