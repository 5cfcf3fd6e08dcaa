// Charts: small SVG pictures for the report, as text. Colours come from the page's style.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace trefoil::report {

// Scores, largest first, as columns; the first `kept` of them in the accent colour.
std::string channel_chart(std::vector<double> scores, std::int64_t kept);

// How many classes have an accuracy of 0–10 %, 10–20 %, … 90–100 %.
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

// Cells the stronger the less is lost, with a ring around the chosen one.
std::string heat_map(const HeatMap& map);

}  // namespace trefoil::report
