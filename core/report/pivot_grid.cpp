#include "report/pivot_grid.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
#include <set>

#include "report/labels.h"
#include "report/setting_text.h"

namespace trefoil::report {

namespace {

using Texts = std::vector<std::string>;

// Some axes of a comparison, and the combinations of their values that were run.
class Side {
 public:
  Side(const Comparison& comparison, const Texts& keys) : comparison_(comparison), keys_(keys) {
    for (const std::string& key : keys) values_.push_back(values_of(key));
    std::set<std::vector<std::size_t>> ranks;
    for (const Cell& cell : comparison.cells) ranks.insert(rank_of(cell));
    for (const auto& rank : ranks) places_.emplace(rank, places_.size());
  }

  std::size_t place(const Cell& cell) const { return places_.at(rank_of(cell)); }

  Texts labels() const {
    Texts labels;
    for (const auto& [rank, place] : places_) labels.push_back(label_of(rank));
    return labels;
  }

  std::string title() const {
    Texts names;
    for (const std::string& key : keys_) names.push_back(short_name(key));
    return fmt::format("{}", fmt::join(names, ", "));
  }

  // The value of each place when there is one axis of numbers.
  std::vector<double> numbers() const {
    std::vector<double> numbers;
    if (keys_.size() != 1) return numbers;
    for (const std::string& value : values_.front()) {
      const std::optional<double> number = number_of(value);
      if (!number) return {};
      numbers.push_back(*number);
    }
    return numbers;
  }

 private:
  Texts values_of(const std::string& key) const {
    if (const Axis* axis = find_axis(key)) return axis->values;
    Texts variants;
    for (const Cell& cell : comparison_.cells) {
      if (std::find(variants.begin(), variants.end(), cell.variant) == variants.end()) variants.push_back(cell.variant);
    }
    return variants;
  }

  const Axis* find_axis(const std::string& key) const {
    const auto found = std::find_if(comparison_.axes.begin(), comparison_.axes.end(),
                                    [&](const Axis& axis) { return axis.key == key; });
    return found == comparison_.axes.end() ? nullptr : &*found;
  }

  const std::string& value_of(const Cell& cell, const std::string& key) const {
    const Axis* axis = find_axis(key);
    return axis == nullptr ? cell.variant : cell.values[static_cast<std::size_t>(axis - comparison_.axes.data())];
  }

  std::vector<std::size_t> rank_of(const Cell& cell) const {
    std::vector<std::size_t> rank;
    for (std::size_t i = 0; i < keys_.size(); ++i) {
      const auto found = std::find(values_[i].begin(), values_[i].end(), value_of(cell, keys_[i]));
      rank.push_back(static_cast<std::size_t>(found - values_[i].begin()));
    }
    return rank;
  }

  // The folder alone, when no two values have folders of one name.
  std::string folder_name(const std::string& value, const Texts& all) const {
    const auto last = [](const std::string& text) { return std::filesystem::path(shown(text)).filename().string(); };
    const auto alike =
        std::count_if(all.begin(), all.end(), [&](const std::string& other) { return last(other) == last(value); });
    return alike == 1 ? last(value) : shown(value);
  }

  std::string label_of(const std::vector<std::size_t>& rank) const {
    Texts parts;
    for (std::size_t i = 0; i < keys_.size(); ++i) {
      const std::string& key = keys_[i];
      if (rank[i] == values_[i].size()) continue;  // the run failed before it wrote its settings
      const std::string& value = values_[i][rank[i]];
      if (key == kVariantAxis) {
        parts.push_back(value);
      } else if (key == "data.root") {
        parts.push_back(folder_name(value, values_[i]));
      } else if (value.empty()) {
        if (keys_.size() == 1) parts.push_back("no " + short_name(key));
      } else {
        const bool speaks_for_itself = section_of(key).empty() || key == leading_key(section_of(key));
        parts.push_back(speaks_for_itself || keys_.size() == 1 ? shown(value) : short_name(key) + " = " + shown(value));
      }
    }
    return parts.empty() ? "–" : fmt::format("{}", fmt::join(parts, ", "));
  }

  const Comparison& comparison_;
  const Texts& keys_;
  std::vector<Texts> values_;                               // of each key
  std::map<std::vector<std::size_t>, std::size_t> places_;  // by the indices of the values
};

}  // namespace

PivotGrid pivot_grid(const Comparison& comparison, const PivotAxes& axes) {
  const Side rows(comparison, axes.rows);
  const Side columns(comparison, axes.columns);
  const Side blocks(comparison, axes.blocks);
  PivotGrid grid;
  grid.rows = rows.labels();
  grid.columns = columns.labels();
  grid.blocks = axes.blocks.empty() ? Texts{""} : blocks.labels();
  grid.column_numbers = columns.numbers();
  grid.row_title = axes.rows.empty() ? "" : rows.title();
  grid.column_title = columns.title();
  grid.cells.assign(grid.blocks.size() * grid.rows.size() * grid.columns.size(), nullptr);
  for (const Cell& cell : comparison.cells) {
    const std::size_t row = blocks.place(cell) * grid.rows.size() + rows.place(cell);
    grid.cells[row * grid.columns.size() + columns.place(cell)] = &cell;
  }
  return grid;
}

}  // namespace trefoil::report
