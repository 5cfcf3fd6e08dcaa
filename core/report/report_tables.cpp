#include "report/report_tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "base/text.h"
#include "report/labels.h"
#include "report/setting_text.h"

namespace trefoil::report {

namespace {

using kainjow::mustache::data;

constexpr const char* kSubsetPrefix = "test.top1.";

data field(const std::string& text, bool number) {
  data result{data::type::object};
  result.set("text", text);
  result.set("number", number);
  return result;
}

// A path as part of an address: bytes that are special there are percent-encoded.
std::string address_of(const std::filesystem::path& path) {
  std::string address;
  for (const char c : path.generic_string()) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain =
        byte < 0x80 && (std::isalnum(byte) != 0 || std::string_view("-._~/").find(c) != std::string::npos);
    address += plain ? std::string(1, c) : fmt::format("%{:02X}", byte);
  }
  return address;
}

data link_to(const Run& run, const std::filesystem::path& relative_to) {
  const auto target = std::filesystem::absolute(run.directory / run.page).lexically_normal();
  const auto start = std::filesystem::absolute(relative_to).lexically_normal();
  data link{data::type::object};
  link.set("has_page", !run.page.empty());
  link.set("href", address_of(target.lexically_relative(start)));
  link.set("text", run.setting("seed").empty() ? "run" : run.setting("seed"));
  link.set("state", run.done() ? "" : " " + run.status);
  return link;
}

std::string cell_text(const Cell& cell, const std::string& metric) {
  const auto found = cell.metrics.find(metric);
  return found == cell.metrics.end() ? "–" : metric_text(metric, found->second);
}

bool is_of_subset(const std::string& metric) { return base::starts_with(metric, kSubsetPrefix); }

bool has_accuracy(const Comparison& comparison) {
  return !comparison.metrics.empty() && comparison.metrics.front() == kAccuracy;
}

// The accuracy is one of the first columns, which narrow screens show.
void add_lead(const Comparison& comparison, const Cell& cell, data& fields) {
  if (comparison.has_variants) fields << field(cell.variant.empty() ? "–" : cell.variant, false);
  if (has_accuracy(comparison)) fields << field(cell_text(cell, kAccuracy), true);
}

void add_settings(const Comparison& comparison, const Cell& cell, data& fields) {
  for (std::size_t i = 0; i < cell.values.size(); ++i) {
    fields << field(cell.values[i].empty() ? "–" : shown(cell.values[i]), comparison.axes[i].numeric);
  }
}

void add_metrics(const Cell& cell, const std::vector<std::string>& metrics, data& fields) {
  for (const std::string& metric : metrics) fields << field(cell_text(cell, metric), true);
}

void add_lead_names(const Comparison& comparison, data& head) {
  if (comparison.has_variants) head << field("variant", false);
  if (has_accuracy(comparison)) head << field(metric_heading(kAccuracy), true);
}

void add_setting_names(const Comparison& comparison, data& head) {
  for (std::size_t i = 0; i < comparison.axes.size(); ++i) {
    data name = field(axis_name(comparison.axes, i), comparison.axes[i].numeric);
    name.set("key", comparison.axes[i].key);
    head << name;
  }
}

data table_of(const data& head, const data& rows) {
  data table{data::type::object};
  table.set("head", head);
  table.set("rows", rows);
  return table;
}

bool is_best(const Comparison& comparison, const Cell& cell) {
  return comparison.best && &cell == &comparison.cells[*comparison.best];
}

// Cells without an accuracy come last.
std::vector<const Cell*> ordered_cells(const Comparison& comparison, CellOrder order) {
  std::vector<const Cell*> cells;
  for (const Cell& cell : comparison.cells) cells.push_back(&cell);
  if (order == CellOrder::by_axes) return cells;
  std::stable_sort(cells.begin(), cells.end(), [](const Cell* a, const Cell* b) {
    const bool both = a->accuracy() != nullptr && b->accuracy() != nullptr;
    return both ? a->accuracy()->mean > b->accuracy()->mean : a->accuracy() != nullptr && b->accuracy() == nullptr;
  });
  return cells;
}

}  // namespace

bool has_subsets(const Comparison& comparison) {
  return std::any_of(comparison.metrics.begin(), comparison.metrics.end(), is_of_subset);
}

data cell_table(const Comparison& comparison, CellOrder order, const std::filesystem::path& relative_to) {
  std::vector<std::string> metrics;
  for (const std::string& metric : comparison.metrics) {
    const bool of_subset = is_of_subset(metric) || base::starts_with(metric, "test.top5.");
    if (!of_subset && metric != kAccuracy) metrics.push_back(metric);
  }
  data head{data::type::list};
  add_lead_names(comparison, head);
  add_setting_names(comparison, head);
  for (const std::string& metric : metrics) head << field(metric_heading(metric), true);
  head << field("runs", true);
  data rows{data::type::list};
  for (const Cell* cell : ordered_cells(comparison, order)) {
    data fields{data::type::list};
    add_lead(comparison, *cell, fields);
    add_settings(comparison, *cell, fields);
    add_metrics(*cell, metrics, fields);
    fields << field(runs_text(*cell), true);
    data links{data::type::list};
    for (const std::size_t run : cell->runs) links << link_to(comparison.runs[run], relative_to);
    data row{data::type::object};
    row.set("best", is_best(comparison, *cell));
    row.set("unfinished", cell->done < cell->runs.size());
    row.set("fields", fields);
    row.set("links", links);
    rows << row;
  }
  return table_of(head, rows);
}

data subset_table(const Comparison& comparison) {
  constexpr std::size_t kMost = 10;
  std::vector<const Cell*> cells = ordered_cells(comparison, CellOrder::best_first);
  cells.resize(std::min(kMost, cells.size()));
  std::vector<std::string> subsets;
  std::copy_if(comparison.metrics.begin(), comparison.metrics.end(), std::back_inserter(subsets), is_of_subset);
  data head{data::type::list};
  add_lead_names(comparison, head);
  for (const std::string& metric : subsets)
    head << field(metric.substr(std::string(kSubsetPrefix).size()) + ", %", true);
  add_setting_names(comparison, head);
  data rows{data::type::list};
  for (const Cell* cell : cells) {
    data fields{data::type::list};
    add_lead(comparison, *cell, fields);
    add_metrics(*cell, subsets, fields);
    add_settings(comparison, *cell, fields);
    data row{data::type::object};
    row.set("best", is_best(comparison, *cell));
    row.set("fields", fields);
    rows << row;
  }
  return table_of(head, rows);
}

}  // namespace trefoil::report
