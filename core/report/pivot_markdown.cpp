#include "report/pivot_markdown.h"

#include <fmt/format.h>

#include "report/markdown.h"
#include "report/pivot_text.h"

namespace trefoil::report {

namespace {

using Texts = std::vector<std::string>;

std::string markdown_head(const Pivot& pivot) {
  Texts names = {markdown_text(pivot.row_title)};
  Texts rules = {"---"};
  for (const std::string& column : pivot.columns) {
    names.push_back(markdown_text(column));
    rules.emplace_back("--:");
  }
  return markdown_line(names) + markdown_line(rules);
}

std::string marked_text(const std::optional<PivotValue>& value) {
  std::string text = accuracy_text(value);
  if (!value || value->mark == Mark::none) return text;
  return value->mark == Mark::best ? "**" + text + "**" : "<u>" + text + "</u>";
}

std::string published_markdown(const PublishedRow& row) {
  Texts fields = {fmt::format("*{}*", markdown_text(row.method))};
  for (const auto& value : row.values) fields.push_back(value ? fmt::format("*{:.2f}*", *value) : "–");
  return markdown_line(fields);
}

std::string markdown_heading(const PivotBlock& block) {
  return block.name.empty() ? "" : "### " + markdown_text(block.name) + "\n\n";
}

std::string accuracy_lines(const Pivot& pivot, const PivotBlock& block) {
  std::string text = markdown_heading(block) + markdown_head(pivot);
  for (std::size_t row = 0; row < pivot.rows.size(); ++row) {
    Texts fields = {markdown_text(pivot.rows[row])};
    for (const auto& value : block.values[row]) fields.push_back(marked_text(value));
    text += markdown_line(fields);
  }
  for (const PublishedRow& row : block.published) text += published_markdown(row);
  if (!block.published.empty()) text += "\nPublished: " + markdown_text(published_sources(block)) + ".\n";
  return text + "\n";
}

std::string difference_lines(const Pivot& pivot, const PivotBlock& block) {
  std::string text = markdown_heading(block) + markdown_head(pivot);
  for (std::size_t row = 0; row < pivot.rows.size(); ++row) {
    if (row == pivot.baseline) continue;
    Texts fields = {markdown_text(pivot.rows[row])};
    for (const auto& value : block.values[row]) {
      const std::string difference = difference_text(value);
      fields.push_back(value && value->difference && value->difference->stands_out() ? "**" + difference + "**"
                                                                                     : difference);
    }
    text += markdown_line(fields);
  }
  return text + "\n";
}

}  // namespace

std::string pivot_markdown(const Pivot& pivot) {
  std::string text =
      "## Top-1 accuracy by " + markdown_text(pivot.column_title) + "\n\n" + accuracy_note(pivot) + "\n\n";
  for (const PivotBlock& block : pivot.blocks) text += accuracy_lines(pivot, block);
  if (!pivot.has_differences) return text;
  text += "## Differences from " + markdown_text(pivot.rows[pivot.baseline]) + "\n\n" +
          markdown_text(difference_note(pivot)) + "\n\n";
  for (const PivotBlock& block : pivot.blocks) text += difference_lines(pivot, block);
  return text;
}

}  // namespace trefoil::report
