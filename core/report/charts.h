// Charts of one run, as SVG text. Colours come from the page's style.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace trefoil::report {

// A column for each score, largest first. The first `kept` columns have the accent colour.
std::string channel_chart(std::vector<double> scores, std::int64_t kept);

// The number of classes with an accuracy of 0–10 %, 10–20 %, … 90–100 %.
std::string accuracy_histogram(const std::vector<double>& percentages);

// A loss over two parameters.
struct HeatMap {
  std::string across_name;
  std::string down_name;  // "" with one parameter only
  std::vector<double> across;
  std::vector<double> down;
  std::vector<double> losses;  // [down][across]; not a number where nothing was tried
  std::size_t chosen_across = 0;
  std::size_t chosen_down = 0;
};

// A cell for each pair of values, darker for a lower loss, with a ring around the chosen one.
std::string heat_map(const HeatMap& map);

}  // namespace trefoil::report
