// The inner loops of the search, for one query: plain arrays, a whole number of lanes each.
#pragma once

#include <cstdint>

#include "search/surface.h"

namespace trefoil::search {

// affinity[i] = exp(β (similarity[i] − 1)).
void affinities(const float* similarity, float beta, std::int64_t count, float* affinity);

// Keys of all classes, shot by shot: the first shots of all classes, then the second shots of those that have one, and
// so on, so that adding up the keys of each class runs along the classes. Classes are in the order of their number of
// keys, most first.
struct Slots {
  const std::int64_t* starts;   // [count], where each shot begins in the keys
  const std::int64_t* lengths;  // [count], how many classes have it, in whole lanes; not rising
  std::int64_t count;
};

// evidence[c] = Σ over the keys of class c of affinity · weight.
void class_evidence(const float* affinity, const float* weight, const Slots& slots, std::int64_t classes,
                    float* evidence);

// Where base + α · evidence is largest at `own`: an intersection of half-lines, one for each other class.
RightInterval right_interval(const float* base, const float* evidence, std::int64_t classes, std::int64_t own);

// The loss of the logits base + α · evidence. `classes` counts those behind the last one that exists, too: their base
// is so low that they weigh nothing.
float soft_loss(const float* base, const float* evidence, float alpha, std::int64_t classes, std::int64_t own,
                Metric metric);

}  // namespace trefoil::search
