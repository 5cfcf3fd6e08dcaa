// Available: the jobs of a plan whose data exists.
#pragma once

#include <string>
#include <vector>

#include "sweep/plan.h"

namespace trefoil::sweep {

// The jobs whose data exists. All jobs except optional ones are taken to have it.
Plan available(const Plan& plan);

// Says which optional data does not exist: "dataset=SUN397 is left out, because /data/sun397 does not exist", once for
// each place.
std::vector<std::string> notes_on_missing_data(const std::vector<PlanLine>& lines);
std::vector<std::string> notes_on_missing_data(const Plan& plan);

// Throws DataError with the missing data when no job of `chosen` is available.
void require_some(const Plan& available, const Plan& chosen);

}  // namespace trefoil::sweep
