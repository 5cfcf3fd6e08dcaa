#include "report/stage_table.h"

#include <fmt/format.h>

#include <algorithm>

namespace trefoil::report {

using kainjow::mustache::data;

data stage_rows(const Comparison& comparison) {
  std::map<std::string, std::vector<double>> seconds;
  for (const Run& run : comparison.runs) {
    for (const auto& [stage, value] : run.seconds) seconds[stage].push_back(value);
  }
  const double total = seconds.count("total") > 0 ? spread_of(seconds.at("total")).mean : 0;
  std::vector<std::string> order;
  order.reserve(seconds.size());
  for (const auto& [stage, values] : seconds) order.push_back(stage);
  std::stable_sort(order.begin(), order.end(), [&](const std::string& a, const std::string& b) {
    if ((a == "total") != (b == "total")) return b == "total";
    return spread_of(seconds.at(a)).mean > spread_of(seconds.at(b)).mean;
  });
  data rows{data::type::list};
  for (const std::string& stage : order) {
    const std::vector<double>& values = seconds.at(stage);
    const auto [least, most] = std::minmax_element(values.begin(), values.end());
    const double mean = spread_of(values).mean;
    data row{data::type::object};
    row.set("stage", stage);
    row.set("mean", fmt::format("{:.3f} s", mean));
    row.set("range", fmt::format("{:.3f} to {:.3f} s", *least, *most));
    row.set("share", fmt::format("{:.1f}", total > 0 ? std::min(100.0, 100 * mean / total) : 0));
    rows << row;
  }
  return rows;
}

}  // namespace trefoil::report
