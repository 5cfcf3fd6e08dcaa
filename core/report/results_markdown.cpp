#include "report/results_markdown.h"

#include <fmt/format.h>

#include "report/labels.h"
#include "report/markdown.h"
#include "report/notes.h"
#include "report/pivot_markdown.h"
#include "report/setting_text.h"

namespace trefoil::report {

namespace {

using Texts = std::vector<std::string>;

std::string header(const Comparison& comparison) {
  Texts names;
  Texts rules;
  const auto add = [&](const std::string& name, const char* rule) {
    names.push_back(markdown_text(name));
    rules.emplace_back(rule);
  };
  if (comparison.has_variants) add("variant", "---");
  for (const Axis& axis : comparison.axes) add(long_name(axis.key), axis.numeric ? "--:" : "---");
  for (const std::string& metric : comparison.metrics) add(metric_heading(metric), "--:");
  add("runs", "--:");
  return markdown_line(names) + markdown_line(rules);
}

std::string row(const Comparison& comparison, const Cell& cell, bool best) {
  Texts fields;
  const auto add = [&](const std::string& text) {
    fields.push_back(best && !text.empty() ? "**" + markdown_text(text) + "**" : markdown_text(text));
  };
  if (comparison.has_variants) add(cell.variant);
  for (const std::string& value : cell.values) add(value.empty() ? "–" : shown(value));
  for (const std::string& metric : comparison.metrics) {
    const auto found = cell.metrics.find(metric);
    add(found == cell.metrics.end() ? "–" : metric_text(metric, found->second));
  }
  add(runs_text(cell) + (cell.done < cell.runs.size() ? " ⚠" : ""));
  return markdown_line(fields);
}

}  // namespace

std::string results_markdown(const Comparison& comparison, const std::optional<Pivot>& pivot) {
  std::string text = fmt::format("# {}\n\n{}.\n\n", markdown_text(comparison.title), count_text(comparison.runs));
  if (pivot) text += pivot_markdown(*pivot);
  if (pivot) text += "## All settings\n\n";
  text += "Mean ± standard deviation (n − 1) over the runs of a row; the best by top-1 in bold.\n\n";
  text += header(comparison);
  for (std::size_t i = 0; i < comparison.cells.size(); ++i) {
    text += row(comparison, comparison.cells[i], comparison.best == i);
  }
  const Texts notes = notes_of(comparison);
  if (!notes.empty()) text += "\nWorth knowing:\n\n";
  for (const std::string& note : notes) text += "- " + markdown_text(note) + "\n";
  return text;
}

}  // namespace trefoil::report
