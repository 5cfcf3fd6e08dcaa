// Compare: groups runs into cells. Runs that differ only in their seed are repetitions and share a cell.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "config/report_section.h"
#include "report/axes.h"
#include "report/collect.h"
#include "report/spread.h"

namespace trefoil::report {

inline constexpr const char* kAccuracy = "test.top1";  // the metric that cells are ranked by

// The metrics of all queries, in the order of tables. The first three are best when high, the others when low.
inline constexpr std::array kMetrics = {kAccuracy, "test.top5", "test.per_class", "test.ece", "test.nll"};

struct Cell {
  std::string variant;
  std::vector<std::string> values;        // of the axes, in their order; "" where not set
  std::vector<std::size_t> runs;          // their numbers in the comparison
  std::size_t done = 0;                   // of these
  std::map<std::string, Spread> metrics;  // of the done runs

  const Spread* accuracy() const;  // nothing without a done run, or without labels
};

struct Comparison {
  std::string title;
  std::vector<Run> runs;
  std::vector<Axis> axes;
  std::vector<Cell> cells;           // variants as first seen, then by the axes' values, the first axis slowest
  std::optional<std::size_t> best;   // the cell of the highest mean accuracy, the first of equals
  std::vector<std::string> metrics;  // that some run has: kMetrics first
  bool has_seeds = false;            // some cell has runs of several seeds
  bool seeds_differ = false;         // in some cell, the metrics of several seeds are not known to be equal
  bool has_variants = false;
  config::ReportChoice choice;     // the layout of the table; set by the caller
  std::vector<std::string> notes;  // what the caller wants to add to notes_of
};

// The accuracy of each seed, averaged over runs of one seed.
std::map<std::string, double> accuracy_by_seed(const Comparison& comparison, const Cell& cell);

// The title is the names of the experiments; a caller may replace it. `swept_keys`: see find_axes.
Comparison compare(std::vector<Run> runs, const std::optional<std::vector<std::string>>& swept_keys = std::nullopt);

}  // namespace trefoil::report
