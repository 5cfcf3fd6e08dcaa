#include <fmt/format.h>

#include <algorithm>

#include "report/plots.h"
#include "report/svg.h"

namespace trefoil::report {

namespace {

constexpr double kGridLeft = 76;
constexpr double kGridTop = 34;
constexpr double kGridRow = 34;
constexpr double kBelow = 64;

// Opacity of the largest value; below 1, so that the number in the cell stays readable.
constexpr double kStrongest = 0.55;

// Labels that would overlap the previous one are left out.
std::string labels_across(const Grid& grid, double cell, double y) {
  std::string svg;
  double free_from = 0;
  for (std::size_t i = 0; i < grid.across.size(); ++i) {
    const double x = kGridLeft + cell * (static_cast<double>(i) + 0.5);
    const double half = static_cast<double>(grid.across[i].size()) * kCharacterWidth / 2;
    if (x - half < free_from) continue;
    svg += text_at(x, y, "middle", grid.across[i]);
    free_from = x + half + kCharacterWidth / 2;
  }
  return svg;
}

}  // namespace

std::string grid_chart(const Grid& grid) {
  const double cell = (kChartWidth - kGridLeft) / static_cast<double>(grid.across.size());
  const double bottom = kGridTop + kGridRow * static_cast<double>(grid.down.size());
  const bool with_numbers = cell > 5 * kCharacterWidth;  // "91.93"
  const auto [lowest, highest] = std::minmax_element(grid.values.begin(), grid.values.end());
  const double range = std::max(*highest - *lowest, 1e-12);
  std::string svg = opened_chart(bottom + kBelow, grid.across_title + " and " + grid.down_title);
  svg += text_at(0, 18, "start", "↓ " + fitting(grid.down_title, kChartWidth - 30));
  for (std::size_t i = 0; i < grid.values.size(); ++i) {
    const std::size_t row = i / grid.across.size();
    const std::size_t column = i % grid.across.size();
    const double x = kGridLeft + cell * static_cast<double>(column);
    const double y = kGridTop + kGridRow * static_cast<double>(row);
    if (column == 0)
      svg += text_at(kGridLeft - 10, y + kGridRow / 2 + 5, "end", fitting(grid.down[row], kGridLeft - 10));
    const double share = (grid.values[i] - *lowest) / range;
    svg += rectangle(x, y, cell - 2, kGridRow - 2, "heat",
                     fmt::format("{} = {}, {} = {}: {:.2f} %", grid.across_title, grid.across[column], grid.down_title,
                                 grid.down[row], grid.values[i]),
                     kStrongest * (0.1 + 0.9 * share * share));
    if (with_numbers)
      svg += text_at(x + cell / 2 - 1, y + kGridRow / 2 + 5, "middle", fmt::format("{:.2f}", grid.values[i]));
    if (grid.values[i] == *highest) svg += rectangle(x, y, cell - 2, kGridRow - 2, "ring");
  }
  svg += labels_across(grid, cell, bottom + 22);
  svg += text_at((kGridLeft + kChartWidth) / 2, bottom + kBelow - 10, "middle", fitting(grid.across_title + " →"));
  return svg + "</svg>";
}

}  // namespace trefoil::report
