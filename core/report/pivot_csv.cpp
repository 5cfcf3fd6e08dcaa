#include "report/pivot_csv.h"

#include <fmt/format.h>

#include <utility>

#include "base/csv.h"

namespace trefoil::report {

namespace {

using ValueAndError = std::optional<std::pair<double, double>>;  // a value and its ±

std::string csv_table(const Pivot& pivot, ValueAndError (*numbers)(const PivotValue&)) {
  std::string csv = "block," + base::csv_text(pivot.row_title.empty() ? "row" : pivot.row_title);
  for (const std::string& column : pivot.columns)
    csv += "," + base::csv_text(column) + "," + base::csv_text(column + " ±");
  csv += "\n";
  for (const PivotBlock& block : pivot.blocks) {
    for (std::size_t row = 0; row < pivot.rows.size(); ++row) {
      csv += base::csv_text(block.name) + "," + base::csv_text(pivot.rows[row]);
      for (const auto& value : block.values[row]) {
        const ValueAndError pair = value ? numbers(*value) : std::nullopt;
        csv += pair ? fmt::format(",{},{}", pair->first, pair->second) : ",,";
      }
      csv += "\n";
    }
  }
  return csv;
}

}  // namespace

std::string pivot_csv(const Pivot& pivot) {
  return csv_table(pivot, [](const PivotValue& value) -> ValueAndError {
    return std::pair(value.accuracy.mean, value.accuracy.deviation);
  });
}

std::string differences_csv(const Pivot& pivot) {
  return csv_table(pivot, [](const PivotValue& value) -> ValueAndError {
    if (!value.difference) return std::nullopt;
    return std::pair(value.difference->mean, value.difference->standard_error);
  });
}

}  // namespace trefoil::report
