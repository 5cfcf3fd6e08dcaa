// Ablation: the difference in accuracy between each variant and the variant "base".
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

// One change for each variant, in the order of the experiment file. Empty without a base. A variant with several cells
// is represented by its best cell.
std::vector<Ablation> ablations(const Comparison& comparison);

}  // namespace trefoil::report
