#include "report/pivot.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <set>

#include "base/suggestion.h"
#include "report/pivot_differences.h"
#include "report/pivot_grid.h"
#include "report/published.h"

namespace trefoil::report {

namespace {

using BlockValues = std::vector<std::vector<std::optional<PivotValue>>>;

class PivotMaker {
 public:
  PivotMaker(const Comparison& comparison, const PivotGrid& grid) : comparison_(comparison), grid_(grid) {}

  Pivot make() {
    pivot_.row_title = grid_.row_title;
    pivot_.column_title = grid_.column_title;
    pivot_.rows = grid_.rows;
    pivot_.columns = grid_.columns;
    pivot_.column_numbers = grid_.column_numbers;
    for (std::size_t block = 0; block < grid_.blocks.size(); ++block) {
      pivot_.blocks.push_back({grid_.blocks[block], block_values(block), {}});
    }
    if (pivot_.blocks.size() > 1) add_average();
    for (PivotBlock& block : pivot_.blocks) mark(block.values);
    pivot_.baseline = baseline();
    add_differences(pivot_, grid_, comparison_.runs);
    add_published();
    return std::move(pivot_);
  }

 private:
  BlockValues empty_values() const {
    return {pivot_.rows.size(), std::vector<std::optional<PivotValue>>(pivot_.columns.size())};
  }

  // Calls `use` with every row and column.
  template <typename Use>
  void for_each_place(Use use) const {
    for (std::size_t row = 0; row < pivot_.rows.size(); ++row) {
      for (std::size_t column = 0; column < pivot_.columns.size(); ++column) use(row, column);
    }
  }

  BlockValues block_values(std::size_t block) const {
    BlockValues values = empty_values();
    for_each_place([&](std::size_t row, std::size_t column) {
      const Cell* cell = grid_.at(block, row, column);
      if (cell != nullptr && cell->accuracy() != nullptr)
        values[row][column] = PivotValue{*cell->accuracy(), Mark::none, std::nullopt};
    });
    return values;
  }

  void add_average() {
    BlockValues values = empty_values();
    for_each_place([&](std::size_t row, std::size_t column) {
      if (const auto average = average_at(row, column))
        values[row][column] = PivotValue{*average, Mark::none, std::nullopt};
    });
    pivot_.blocks.push_back({"average", std::move(values), {}});
    pivot_.has_average = true;
  }

  // The mean over the blocks, seed by seed. Nothing where a block has no value or no seed is common to all.
  std::optional<Spread> average_at(std::size_t row, std::size_t column) const {
    std::map<std::string, std::vector<double>> by_seed;
    for (std::size_t block = 0; block < grid_.blocks.size(); ++block) {
      const Cell* cell = grid_.at(block, row, column);
      if (cell == nullptr) return std::nullopt;
      for (const auto& [seed, accuracy] : accuracy_by_seed(comparison_, *cell)) by_seed[seed].push_back(accuracy);
    }
    std::vector<double> averages;
    for (const auto& [seed, values] : by_seed) {
      if (values.size() == grid_.blocks.size()) averages.push_back(spread_of(values).mean);
    }
    return averages.empty() ? std::nullopt : std::optional(spread_of(averages));
  }

  // Values that are printed alike share a mark.
  void mark(BlockValues& values) const {
    const auto printed = [](const PivotValue& value) { return std::round(100 * value.accuracy.mean); };
    for (std::size_t column = 0; column < pivot_.columns.size(); ++column) {
      std::set<double> known;
      for (const auto& row : values) {
        if (row[column]) known.insert(printed(*row[column]));
      }
      if (known.size() < 2) continue;
      for (auto& row : values) {
        if (!row[column]) continue;
        const double value = printed(*row[column]);
        row[column]->mark = value == *known.rbegin()              ? Mark::best
                            : value == *std::next(known.rbegin()) ? Mark::second
                                                                  : Mark::none;
      }
    }
  }

  // The chosen row; otherwise the best one, by the mean over the places where all rows have a value.
  std::size_t baseline() {
    const std::string& chosen = comparison_.choice.baseline;
    if (!chosen.empty()) {
      const auto found = std::find(pivot_.rows.begin(), pivot_.rows.end(), chosen);
      if (found != pivot_.rows.end()) return static_cast<std::size_t>(found - pivot_.rows.begin());
      pivot_.note = "The baseline '" + chosen + "' is no row of the table, so the best row is used; " +
                    base::suggestion(chosen, pivot_.rows, "the rows") + ".";
    }
    std::vector<double> sums(pivot_.rows.size(), 0);
    for (const PivotBlock& block : pivot_.blocks) {
      for (std::size_t column = 0; column < pivot_.columns.size(); ++column) {
        const bool complete = std::all_of(block.values.begin(), block.values.end(),
                                          [&](const auto& row) { return row[column].has_value(); });
        for (std::size_t row = 0; complete && row < sums.size(); ++row)
          sums[row] += block.values[row][column]->accuracy.mean;
      }
    }
    return static_cast<std::size_t>(std::max_element(sums.begin(), sums.end()) - sums.begin());
  }

  void add_published() {
    if (comparison_.choice.reference.empty()) return;
    for (const PublishedAccuracy& published : read_published(comparison_.choice.reference)) {
      for (std::size_t block = 0; block < grid_.blocks.size(); ++block) {
        if (same_dataset(grid_.blocks[block], published.dataset)) add_published(published, pivot_.blocks[block]);
      }
    }
  }

  // An accuracy without shots belongs to a zero-shot method, and so to every column.
  void add_published(const PublishedAccuracy& published, PivotBlock& block) const {
    for (std::size_t column = 0; column < pivot_.column_numbers.size(); ++column) {
      if (published.shots && *published.shots != pivot_.column_numbers[column]) continue;
      const auto known = std::find_if(block.published.begin(), block.published.end(), [&](const PublishedRow& row) {
        return row.method == published.method && row.source == published.source;
      });
      PublishedRow& row = known != block.published.end()
                              ? *known
                              : block.published.emplace_back(PublishedRow{published.method, published.source, {}});
      row.values.resize(pivot_.columns.size());
      row.values[column] = published.accuracy;
    }
  }

  const Comparison& comparison_;
  const PivotGrid& grid_;
  Pivot pivot_;
};

}  // namespace

std::optional<Pivot> pivot_of(const Comparison& comparison) {
  const std::optional<PivotAxes> axes = pivot_axes(comparison);
  if (!axes) return std::nullopt;
  const PivotGrid grid = pivot_grid(comparison, *axes);
  return PivotMaker(comparison, grid).make();
}

}  // namespace trefoil::report
