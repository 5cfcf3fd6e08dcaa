// Shots: which of the training images that are offered become the support.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "trefoil/tensor.h"

namespace trefoil::features {

enum class ShotChoice {
  first,    // as the list has them
  random,   // seeded
  herding,  // nearest to the class mean: the first step of herding (Welling, ICML 2009), in cosine
  diverse,  // the medoids of K clusters, so that every kind of image has one (Kaufman & Rousseeuw, 1990), in cosine
  text,     // nearest to the class text
};

ShotChoice shot_choice(std::string_view name);  // of the words above; throws std::invalid_argument for another

// Whether the choice looks at features.
bool needs_features(ShotChoice choice);

struct ShotCandidates {
  torch::Tensor labels;    // [M] int64
  torch::Tensor features;  // [M, D] unit rows; may be undefined when not needed
  torch::Tensor text;      // [C, D] unit rows; likewise
};

// Row numbers of at most `shots` candidates of each class (0: all), in the order of the candidates. Of equally good
// ones the earlier is taken.
std::vector<std::int64_t> choose_shots(const ShotCandidates& candidates, std::int64_t shots, ShotChoice choice,
                                       std::uint64_t seed);

}  // namespace trefoil::features
