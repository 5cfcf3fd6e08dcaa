#include "report/pivot_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace trefoil::report {

namespace {

using Texts = std::vector<std::string>;

// Characters of UTF-8 text, of which each is one column wide.
std::size_t width_of(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::string aligned(const std::vector<Texts>& rows) {
  std::vector<std::size_t> widths(rows.front().size(), 0);
  for (const Texts& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width_of(row[i]));
  }
  std::string text;
  for (const Texts& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string space(widths[i] - width_of(row[i]), ' ');
      text += i == 0 ? row[i] + space : "  " + space + row[i];
    }
    text += "\n";
  }
  return text;
}

}  // namespace

std::string accuracy_text(const std::optional<PivotValue>& value) { return value ? spread_text(value->accuracy) : "–"; }

std::string difference_text(const std::optional<PivotValue>& value) {
  if (!value || !value->difference) return "–";
  const Difference& difference = *value->difference;
  return fmt::format("{}{:.2f} ± {:.2f}", difference.mean < 0 ? "−" : "+", std::abs(difference.mean),
                     difference.standard_error);
}

std::string accuracy_note(const Pivot& pivot) {
  std::string note =
      "Percent; mean ± standard deviation (n − 1) over the seeds. The best of a column is bold, the second underlined.";
  if (pivot.has_average) note += " The average exists where every data set has a value.";
  const bool has_published = std::any_of(pivot.blocks.begin(), pivot.blocks.end(),
                                         [](const PivotBlock& block) { return !block.published.empty(); });
  if (has_published) note += " Published values are from the named sources, not from these runs.";
  return note;
}

std::string difference_note(const Pivot& pivot) {
  const std::string note =
      "Percentage points ± standard error, over equal seeds and equal queries. Differences of more than two standard "
      "errors are bold.";
  return pivot.note.empty() ? note : note + " " + pivot.note;
}

std::string published_sources(const PivotBlock& block) {
  std::set<std::string> sources;
  for (const PublishedRow& row : block.published) sources.insert(row.source);
  return fmt::format("{}", fmt::join(sources, "; "));
}

std::string pivot_terminal_text(const Pivot& pivot) {
  if (pivot.columns.size() > 10 || pivot.rows.size() > 40) return "";
  const PivotBlock& block = pivot.blocks.back();
  std::vector<Texts> rows = {{block.name}};
  for (const std::string& column : pivot.columns) rows.front().push_back(column);
  for (std::size_t row = 0; row < pivot.rows.size(); ++row) {
    rows.push_back({pivot.rows[row]});
    for (const auto& value : block.values[row]) rows.back().push_back(accuracy_text(value));
  }
  return fmt::format("top-1 in percent, by {}:\n", pivot.column_title) + aligned(rows) + "\n";
}

}  // namespace trefoil::report
