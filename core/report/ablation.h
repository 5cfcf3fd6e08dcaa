// Ablation: what each variant changes against the variant "base".
#pragma once

#include <string>
#include <vector>

#include "report/compare.h"

namespace trefoil::report {

inline constexpr const char* kBaseVariant = "base";

struct Ablation {
  std::string variant;
  Spread change;        // of the accuracy, in percentage points; count 0: one of the two has no accuracy
  bool paired = false;  // over runs of the same seed, else the difference of two means, which has no deviation
};

// In the order in which the variants were given; nothing without a base. A variant with several cells counts with its
// best one.
std::vector<Ablation> ablations(const Comparison& comparison);

}  // namespace trefoil::report
