// Tables of cells, as data for the page template.
#pragma once

#include <filesystem>
#include <kainjow/mustache.hpp>

#include "report/compare.h"

namespace trefoil::report {

enum class CellOrder { by_axes, best_first };

// "head": {text, number, key}; "rows": {best, unfinished, fields: {text, number}, links: {has_page, href, text,
// state}}.
kainjow::mustache::data cell_table(const Comparison& comparison, CellOrder order,
                                   const std::filesystem::path& relative_to);

// Accuracy by subset, of the best cells, in the same form without links. Called only when there are subsets.
kainjow::mustache::data subset_table(const Comparison& comparison);
bool has_subsets(const Comparison& comparison);

}  // namespace trefoil::report
