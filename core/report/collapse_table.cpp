#include "report/collapse_table.h"

#include <fmt/format.h>

namespace trefoil::report {

namespace {

std::string collapse_label(const std::string& name) {
  const std::size_t space = name.find(' ');
  const std::string figure = name.substr(space + 1);
  for (const auto& [key, label] : {std::pair("nc1_within", "NC1 spread within classes"),
                                   {"nc2_norms", "NC2 unequal norms of means"},
                                   {"nc2_angles", "NC2 error of angles"},
                                   {"nc3_duality", "NC3 means and classifier apart"},
                                   {"nc4_disagreement", "NC4 nearest mean disagrees"}}) {
    if (figure == key) return fmt::format("{}, {}", label, name.substr(0, space));
  }
  return name;
}

}  // namespace

using kainjow::mustache::data;

data collapse_rows(const Comparison& comparison, const Cell& cell) {
  std::vector<std::string> order;
  std::map<std::string, std::pair<std::vector<double>, std::vector<double>>> values;
  for (const std::size_t i : cell.runs) {
    for (const CollapseMeasure& figure : comparison.runs[i].collapse) {
      if (values.count(figure.name) == 0) order.push_back(figure.name);
      values[figure.name].first.push_back(figure.before);
      values[figure.name].second.push_back(figure.after);
    }
  }
  data rows{data::type::list};
  for (const std::string& name : order) {
    data row{data::type::object};
    row.set("label", collapse_label(name));
    row.set("before", spread_text(spread_of(values.at(name).first), 4));
    row.set("after", spread_text(spread_of(values.at(name).second), 4));
    rows << row;
  }
  return rows;
}

}  // namespace trefoil::report
