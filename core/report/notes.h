// Notes: warnings about a comparison.
#pragma once

#include <string>
#include <vector>

#include "report/compare.h"

namespace trefoil::report {

// Most serious first: notes of the comparison itself, runs chosen on test labels, runs that are not done with their
// errors, runs that cannot be compared (other data, other versions, repeated seeds), a seed without effect, and the
// other warnings of the runs, each once.
std::vector<std::string> notes_of(const Comparison& comparison);

// Says that seeds change nothing, or is "" when they do or when there is one seed only.
std::string note_on_seeds(const Comparison& comparison);

// "36 runs: 34 done, 2 failed".
std::string count_text(const std::vector<Run>& runs);

}  // namespace trefoil::report
