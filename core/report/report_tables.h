// The report's tables of cells, as data for its template.
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

// The same without links: accuracy by subset, of the best cells. Only where there are subsets.
kainjow::mustache::data subset_table(const Comparison& comparison);
bool has_subsets(const Comparison& comparison);

}  // namespace trefoil::report
