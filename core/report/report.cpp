#include "report/report.h"

#include <fmt/format.h>

#include <set>

#include "base/text.h"
#include "report/collapse_table.h"
#include "report/figures.h"
#include "report/labels.h"
#include "report/notes.h"
#include "report/page.h"
#include "report/pivot_page.h"
#include "report/plots.h"
#include "report/report_tables.h"
#include "report/report_template.h"
#include "report/setting_text.h"
#include "report/stage_table.h"
#include "report/svg.h"

namespace trefoil::report {

namespace {

using data = PageData;

data best_tiles(const Cell& cell) {
  std::vector<std::pair<std::string, std::string>> shown_metrics;
  for (const char* metric : kMetrics) {
    const auto found = cell.metrics.find(metric);
    if (found == cell.metrics.end()) continue;
    const Spread& spread = found->second;
    shown_metrics.emplace_back(mean_text(metric, spread), metric_label(metric) + deviation_text(metric, spread));
  }
  return tiles(shown_metrics);
}

// Parameters that the search chose, where they differ from the file. Runs may differ: each value is listed once.
data chosen_rows(const Comparison& comparison, const Cell& cell) {
  std::map<std::string, std::set<std::string>> values;
  std::set<std::string> as_set;
  for (const std::size_t i : cell.runs) {
    const Run& run = comparison.runs[i];
    for (const auto& [key, value] : run.chosen) {
      values[key].insert(shown(value));
      as_set.insert(key + shown(run.setting(key)));
    }
  }
  data list{data::type::list};
  for (const auto& [key, texts] : values) {
    const bool from_file = texts.size() == 1 && as_set.count(key + *texts.begin()) > 0;
    if (!from_file) list << row({{"key", long_name(key)}, {"value", fmt::format("{}", fmt::join(texts, " · "))}});
  }
  return list;
}

data setting_rows(const Comparison& comparison, const Cell& cell) {
  data list{data::type::list};
  if (!cell.variant.empty()) list << row({{"key", "variant"}, {"value", cell.variant}});
  for (std::size_t i = 0; i < cell.values.size(); ++i) {
    list << row({{"key", long_name(comparison.axes[i].key)}, {"value", shown(cell.values[i])}});
  }
  return list;
}

data figure_list(const std::vector<Figure>& figures) {
  data list{data::type::list};
  for (const Figure& figure : figures) {
    data entry = row({{"title", figure.title}, {"note", figure.note}, {"svg", figure.svg}});
    data legend{data::type::list};
    for (std::size_t i = 0; i < figure.legend.size(); ++i) {
      legend << row({{"style", series_style(i)}, {"text", figure.legend[i]}});
    }
    entry.set("legend", legend);
    entry.set("has_legend", !figure.legend.empty());
    list << entry;
  }
  return list;
}

// How to repeat the runs of the best cell: a command for each, and the command line of the first one.
void add_reproduction(const Comparison& comparison, const Cell& cell, data& page) {
  std::vector<std::string> lines;
  const Run* first = nullptr;
  for (const std::size_t i : cell.runs) {
    const Run& run = comparison.runs[i];
    if (!run.done()) continue;
    if (first == nullptr) first = &run;
    lines.push_back(base::shell_line({"runner", (run.directory / "config.toml").string()}));
  }
  if (first == nullptr) return;
  const Provenance& provenance = first->provenance;
  page.set("has_reproduction", true);
  page.set("commands", text_list(lines));
  page.set("command_line", base::shell_line(provenance.command_line));
  page.set("working_directory", provenance.working_directory);
  page.set("versions",
           fmt::format("trefoil {} ({}) · LibTorch {} · host {} · {} · {}", provenance.trefoil, provenance.revision,
                       provenance.libtorch, provenance.host, provenance.device, provenance.time));
  page.set("data_sha256", provenance.data_sha256);
}

const Cell* cell_to_reproduce(const Comparison& comparison) {
  if (comparison.best) return &comparison.cells[*comparison.best];
  for (const Cell& cell : comparison.cells) {
    if (cell.done > 0) return &cell;
  }
  return nullptr;
}

void add_best(const Comparison& comparison, data& page) {
  const Cell& best = comparison.cells[*comparison.best];
  page.set("has_best", true);
  page.set("tiles", best_tiles(best));
  page.set("best_settings", setting_rows(comparison, best));
  page.set("best_chosen", chosen_rows(comparison, best));
  page.set("best_of_several", comparison.cells.size() > 1);
  page.set("cell_count", std::to_string(comparison.cells.size()));
  const data collapse = collapse_rows(comparison, best);
  page.set("has_collapse", collapse.is_non_empty_list());
  page.set("collapse", collapse);
}

}  // namespace

std::string report_html(const Comparison& comparison, const std::optional<Pivot>& pivot,
                        const std::filesystem::path& relative_to) {
  constexpr std::size_t kLongTable = 16;  // a longer one scrolls in its own box, where its end is not seen at once
  const std::vector<std::string> notes = notes_of(comparison);
  data page = row({{"title", comparison.title}, {"counts", count_text(comparison.runs)}});
  page.set("has_notes", !notes.empty());
  page.set("notes", text_list(notes));
  const bool several_datasets = pivot && pivot->has_average;
  page.set("has_accuracy", comparison.best.has_value());
  if (comparison.best && !several_datasets) add_best(comparison, page);
  page.set("has_pivot", pivot.has_value());
  if (pivot) page.set("pivot", pivot_page(*pivot));
  const bool is_long = comparison.cells.size() > kLongTable;
  page.set("cells", cell_table(comparison, is_long ? CellOrder::best_first : CellOrder::by_axes, relative_to));
  page.set("by_seed", comparison.has_seeds);
  page.set("is_long", is_long);
  page.set("has_subsets", has_subsets(comparison));
  if (has_subsets(comparison)) page.set("subsets", subset_table(comparison));
  page.set("ablations", figure_list(ablation_figures(comparison)));
  if (!several_datasets) {
    page.set("figures", figure_list(axis_figures(comparison)));
    page.set("grids", figure_list(grid_figures(comparison)));
  }
  const data stages = stage_rows(comparison);
  page.set("has_stages", stages.is_non_empty_list());
  page.set("stages", stages);
  if (const Cell* cell = cell_to_reproduce(comparison)) add_reproduction(comparison, *cell, page);
  return rendered(kReportTemplate, page);
}

}  // namespace trefoil::report
