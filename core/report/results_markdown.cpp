#include "report/results_markdown.h"

#include <fmt/format.h>

#include "report/labels.h"
#include "report/notes.h"
#include "report/setting_text.h"

namespace trefoil::report {

namespace {

using Texts = std::vector<std::string>;

// So that names and errors stay text, in one line.
std::string plain(const std::string& text) {
  std::string result;
  for (const char c : text) {
    const bool has_meaning = std::string_view("\\`*_[]<>|").find(c) != std::string_view::npos;
    if (has_meaning) result += '\\';
    result += c == '\n' || c == '\r' ? ' ' : c;
  }
  return result;
}

std::string markdown_line(const Texts& fields) { return fmt::format("| {} |\n", fmt::join(fields, " | ")); }

std::string header(const Comparison& comparison) {
  Texts names;
  Texts rules;
  const auto add = [&](const std::string& name, const char* rule) {
    names.push_back(plain(name));
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
    fields.push_back(best && !text.empty() ? "**" + plain(text) + "**" : plain(text));
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

std::string results_markdown(const Comparison& comparison) {
  std::string text = fmt::format("# {}\n\n{}. ", plain(comparison.title), count_text(comparison.runs));
  text += "Mean ± standard deviation (n − 1) over the runs of a row; the best by top-1 in bold.\n\n";
  text += header(comparison);
  for (std::size_t i = 0; i < comparison.cells.size(); ++i) {
    text += row(comparison, comparison.cells[i], comparison.best == i);
  }
  const Texts notes = notes_of(comparison);
  if (!notes.empty()) text += "\nWorth knowing:\n\n";
  for (const std::string& note : notes) text += "- " + plain(note) + "\n";
  return text;
}

}  // namespace trefoil::report
