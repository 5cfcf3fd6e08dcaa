// Conflicts: keys that two parts of a sweep set.
#pragma once

#include <vector>

#include "config/alternatives.h"
#include "config/job.h"
#include "config/sweep_axes.h"

namespace trefoil::config {

// Reports every key that two axes set, or an axis and an ablation, and every key in a section that another one sets:
// the result would depend on their order. Only the `file` of a named axis may set what other axes set, because it is
// merged first.
void refuse_conflicts(const std::vector<Job>& variants, const std::vector<NamedAxis>& named,
                      const std::vector<AxisGroup>& groups, Diagnostics& diagnostics);

}  // namespace trefoil::config
