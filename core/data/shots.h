// Shots: chooses the training images that become the support.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "trefoil/tensor.h"

namespace trefoil::data {

enum class ShotChoice {
  first,     // the first images of the list
  random,    // random images, from a seed
  herding,   // nearest to the class mean by cosine: the first step of herding (Welling, ICML 2009)
  diverse,   // the medoids of K clusters by cosine, so that every kind of image is present (Kaufman & Rousseeuw, 1990)
  text,      // nearest to the text feature of the class by cosine
  matching,  // K images that together are most similar to all: least maximum mean discrepancy (MMD-critic, Kim et al.,
             // NeurIPS 2016)
};

inline constexpr const char* kShotChoices = "first|random|herding|diverse|text|matching";

// Returns the choice with this name. Throws std::invalid_argument when there is none.
ShotChoice shot_choice(std::string_view name);

// Whether the choice needs the features of the candidates.
bool needs_features(ShotChoice choice);

struct ShotCandidates {
  torch::Tensor labels;    // [M] int64
  torch::Tensor features;  // [M, D] unit rows; needed only if needs_features
  torch::Tensor text;      // [C, D] unit rows; needed only for ShotChoice::text
};

// Returns the row numbers of at most `shots` candidates of each class (0: all), in ascending order. Among equally good
// candidates, the first one is chosen.
std::vector<std::int64_t> choose_shots(const ShotCandidates& candidates, std::int64_t shots, ShotChoice choice,
                                       std::uint64_t seed);

}  // namespace trefoil::data
