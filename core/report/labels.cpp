#include "report/labels.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "base/text.h"
#include "report/setting_text.h"

namespace trefoil::report {

namespace {

constexpr const char* kLoss = "test.nll";  // in nats; all other metrics are percentages

int decimals_of(const std::string& metric) { return metric == kLoss ? 3 : 2; }

}  // namespace

std::string axis_name(const std::vector<Axis>& axes, std::size_t axis) {
  const std::string name = short_name(axes[axis].key);
  const auto alike =
      std::count_if(axes.begin(), axes.end(), [&](const Axis& other) { return short_name(other.key) == name; });
  return alike == 1 ? name : axes[axis].key;
}

std::string cell_label(const Comparison& comparison, const Cell& cell, const std::vector<std::size_t>& shown_axes) {
  std::string values;
  for (const std::size_t axis : shown_axes) {
    if (cell.values[axis].empty()) continue;
    values += fmt::format("{}{} = {}", values.empty() ? "" : ", ", axis_name(comparison.axes, axis),
                          shown(cell.values[axis]));
  }
  if (cell.variant.empty()) return values.empty() ? "all alike" : values;
  return values.empty() ? cell.variant : cell.variant + " · " + values;
}

std::string cell_label(const Comparison& comparison, const Cell& cell) {
  std::vector<std::size_t> all(comparison.axes.size());
  std::iota(all.begin(), all.end(), 0);
  return cell_label(comparison, cell, all);
}

std::string runs_text(const Cell& cell) {
  if (cell.done == cell.runs.size()) return std::to_string(cell.done);
  return fmt::format("{} of {}", cell.done, cell.runs.size());
}

std::string metric_label(const std::string& metric) {
  if (metric == "test.per_class") return "mean of classes";
  if (metric == "test.ece") return "ECE";
  if (metric == kLoss) return "−log p";
  for (const auto& [prefix, label] : {std::pair("test.top1", "top-1"), {"test.top5", "top-5"}}) {
    const std::string of_subset = std::string(prefix) + ".";
    if (metric == prefix) return label;
    if (base::starts_with(metric, of_subset)) return fmt::format("{} of {}", label, metric.substr(of_subset.size()));
  }
  return metric;
}

std::string metric_heading(const std::string& metric) {
  return metric == kLoss ? metric_label(metric) : metric_label(metric) + ", %";
}

std::string metric_text(const std::string& metric, const Spread& spread) {
  return spread_text(spread, decimals_of(metric));
}

std::string mean_text(const std::string& metric, const Spread& spread) {
  return fmt::format("{:.{}f}{}", spread.mean, decimals_of(metric), metric == kLoss ? "" : " %");
}

std::string deviation_text(const std::string& metric, const Spread& spread) {
  const bool has_deviation = spread.count > 1 && !spread.equal;
  return has_deviation ? fmt::format(" ± {:.{}f}", spread.deviation, decimals_of(metric)) : "";
}

}  // namespace trefoil::report
