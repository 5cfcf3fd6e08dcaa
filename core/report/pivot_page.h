// The pivot as data for the page template.
#pragma once

#include <kainjow/mustache.hpp>

#include "report/pivot.h"

namespace trefoil::report {

// "column_title", "note"; "blocks": {name, head: {text}, rows: {label, published, fields: {text, mark}}, sources};
// "baseline", "difference_note", "has_differences", "differences": the same blocks, whose marks are "best" where a
// difference stands out; "has_figure", "panels": {svg}, "legend": {style, text}, "figure_note".
kainjow::mustache::data pivot_page(const Pivot& pivot);

}  // namespace trefoil::report
