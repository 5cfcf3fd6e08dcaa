#include "report/pivot_axes.h"

#include <algorithm>

#include "base/errors.h"
#include "base/suggestion.h"
#include "base/text.h"

namespace trefoil::report {

namespace {

using Keys = std::vector<std::string>;

bool contains(const Keys& keys, const std::string& key) {
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

Keys axis_keys(const Comparison& comparison) {
  Keys keys;
  if (comparison.has_variants) keys.emplace_back(kVariantAxis);
  for (const Axis& axis : comparison.axes) keys.push_back(axis.key);
  return keys;
}

void require_axes(const Keys& chosen, const Keys& axes) {
  for (const std::string& key : chosen) {
    if (!contains(axes, key))
      throw Error(ExitCode::configuration, "the runs do not differ in '" + key + "', so the table cannot use it; " +
                                               base::suggestion(key, axes, "they differ in"));
  }
}

Keys default_blocks(const Comparison& comparison, const Keys& columns) {
  Keys blocks;
  const bool has_roots = contains(axis_keys(comparison), "data.root");
  for (const Axis& axis : comparison.axes) {
    const bool tells_data_apart = has_roots && base::starts_with(axis.key, "data.") && !axis.numeric;
    const bool is_block = axis.key == "dataset" || tells_data_apart;
    if (is_block && !contains(columns, axis.key)) blocks.push_back(axis.key);
  }
  return blocks;
}

Keys default_columns(const Comparison& comparison, const Keys& taken) {
  const Axis* widest = nullptr;
  const Axis* last = nullptr;
  for (const Axis& axis : comparison.axes) {
    if (contains(taken, axis.key)) continue;
    if (axis.key == "data.shots") return {axis.key};
    if (axis.numeric && (widest == nullptr || axis.values.size() > widest->values.size())) widest = &axis;
    last = &axis;
  }
  const Axis* columns = widest != nullptr ? widest : last;
  return columns == nullptr ? Keys{} : Keys{columns->key};
}

std::size_t axis_size(const Comparison& comparison, const std::string& key) {
  for (const Axis& axis : comparison.axes) {
    if (axis.key == key) return axis.values.size();
  }
  Keys variants;
  for (const Cell& cell : comparison.cells) {
    if (!contains(variants, cell.variant)) variants.push_back(cell.variant);
  }
  return variants.size();
}

// Whether at least half of all combinations were run. Random draws have almost none.
bool is_filled(const Comparison& comparison, const Keys& axes) {
  double combinations = 1;
  for (const std::string& key : axes) combinations *= static_cast<double>(axis_size(comparison, key));
  return 2 * static_cast<double>(comparison.cells.size()) >= combinations;
}

}  // namespace

std::optional<PivotAxes> pivot_axes(const Comparison& comparison) {
  const Keys axes = axis_keys(comparison);
  const config::ReportChoice& choice = comparison.choice;
  for (const Keys* chosen : {&choice.rows, &choice.columns, &choice.blocks}) require_axes(*chosen, axes);
  if (!comparison.best || axes.empty()) return std::nullopt;
  PivotAxes pivot{choice.rows, choice.columns, choice.blocks};
  if (pivot.blocks.empty()) pivot.blocks = default_blocks(comparison, pivot.columns);
  if (pivot.columns.empty()) {
    Keys taken = pivot.blocks;
    taken.insert(taken.end(), pivot.rows.begin(), pivot.rows.end());
    pivot.columns = default_columns(comparison, taken);
  }
  if (pivot.columns.empty()) return std::nullopt;
  for (const std::string& key : axes) {
    const bool used = contains(pivot.rows, key) || contains(pivot.columns, key) || contains(pivot.blocks, key);
    if (!used) pivot.rows.push_back(key);
  }
  const bool was_chosen = !choice.rows.empty() || !choice.columns.empty() || !choice.blocks.empty();
  const bool is_table = axes.size() > 1 && is_filled(comparison, axes);
  return was_chosen || is_table ? std::optional(pivot) : std::nullopt;
}

}  // namespace trefoil::report
