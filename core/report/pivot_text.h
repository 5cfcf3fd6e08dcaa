// The values of a pivot as texts.
#pragma once

#include <optional>
#include <string>

#include "report/pivot.h"

namespace trefoil::report {

// "91.93 ± 0.12", or "–" where nothing was run.
std::string accuracy_text(const std::optional<PivotValue>& value);

// "+1.20 ± 0.35", the difference and its standard error; "–" where nothing can be compared.
std::string difference_text(const std::optional<PivotValue>& value);

// Sentences that explain the numbers of the tables.
std::string accuracy_note(const Pivot& pivot);
std::string difference_note(const Pivot& pivot);

// The sources of the published values of a block: "A; B".
std::string published_sources(const PivotBlock& block);

// The last block as a table for a terminal, with aligned columns; "" when it has more than 10 columns or 40 rows.
std::string pivot_terminal_text(const Pivot& pivot);

}  // namespace trefoil::report
