#include "report/charts.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <iterator>

#include "report/svg.h"

namespace trefoil::report {

namespace {

constexpr double kWidth = kChartWidth;
constexpr double kChartHeight = 200;
constexpr double kBelowChart = 24;  // room for the labels below
constexpr double kAboveChart = 26;  // room for the labels above

// Shapes that would have no height are drawn half a pixel high.
std::string column(double x, double top, double width, double bottom, const std::string& style) {
  return rectangle(x, std::min(top, bottom), width, std::max(std::abs(bottom - top), 0.5), style);
}

}  // namespace

std::string channel_chart(std::vector<double> scores, std::int64_t kept) {
  std::sort(scores.begin(), scores.end(), std::greater<>());
  const double high = std::max(0.0, scores.front());
  const double low = std::min(0.0, scores.back());
  const double range = high > low ? high - low : 1;
  const auto y = [&](double score) {
    return kAboveChart + (high - score) / range * (kChartHeight - kAboveChart - kBelowChart);
  };
  const double step = kWidth / static_cast<double>(scores.size());
  std::string svg = opened_chart(kChartHeight, "channel scores, best first");
  for (std::size_t i = 0; i < scores.size(); ++i) {
    const bool is_kept = static_cast<std::int64_t>(i) < kept;
    svg += column(static_cast<double>(i) * step, y(scores[i]), step * 0.85, y(0), is_kept ? "kept" : "dropped");
  }
  const double border = static_cast<double>(kept) * step;
  const bool left_half = border < kWidth / 2;
  svg += line_between(border, 4, border, kChartHeight - kBelowChart, "border");
  svg += text_at(border + (left_half ? 6 : -6), 18, left_half ? "start" : "end",
                 fmt::format("{} kept of {}", kept, scores.size()));
  svg += text_at(0, kChartHeight - 6, "start", fmt::format("best {:.3g}", scores.front()));
  svg += text_at(kWidth, kChartHeight - 6, "end", fmt::format("worst {:.3g}", scores.back()));
  return svg + "</svg>";
}

std::string heat_map(const HeatMap& map) {
  constexpr double kLeft = 64;
  constexpr double kRow = 18;
  const double height = kAboveChart + kRow * static_cast<double>(map.down.size()) + kBelowChart;
  const double cell = (kWidth - kLeft) / static_cast<double>(map.across.size());
  std::vector<double> sorted;
  std::copy_if(map.losses.begin(), map.losses.end(), std::back_inserter(sorted), [](double x) { return x == x; });
  std::sort(sorted.begin(), sorted.end());
  const double least = sorted.front();
  const double range = std::max(sorted[sorted.size() * 3 / 4] - least, 1e-12);  // the worst quarter fades to nothing
  std::string svg = opened_chart(height, map.across_name + " and " + map.down_name);
  svg += text_at(kLeft, 16, "start", map.across_name + " →");
  if (!map.down_name.empty()) svg += text_at(0, 16, "start", "↓ " + map.down_name.substr(map.down_name.find('.') + 1));
  for (std::size_t row = 0; row < map.down.size(); ++row) {
    const double y = kAboveChart + kRow * static_cast<double>(row);
    if (!map.down_name.empty()) svg += text_at(kLeft - 6, y + 13, "end", fmt::format("{:.3g}", map.down[row]));
    for (std::size_t i = 0; i < map.across.size(); ++i) {
      const double loss = map.losses[row * map.across.size() + i];
      if (!(loss == loss)) continue;
      const double strength = std::max(0.0, 1 - (loss - least) / range);
      const std::string note = fmt::format("{} = {:.4g}, {} = {:.4g}: {:.5f}", map.across_name, map.across[i],
                                           map.down_name, map.down[row], loss);
      svg += rectangle(kLeft + cell * static_cast<double>(i), y, cell * 0.97, kRow - 1, "kept", note,
                       0.06 + 0.94 * strength * strength);
    }
  }
  svg += rectangle(kLeft + cell * static_cast<double>(map.chosen_across),
                   kAboveChart + kRow * static_cast<double>(map.chosen_down), cell * 0.97, kRow - 1, "chosen");
  svg += text_at(kLeft, height - 6, "start", fmt::format("{:.3g}", map.across.front()));
  svg += text_at(kWidth, height - 6, "end", fmt::format("{:.3g}", map.across.back()));
  return svg + "</svg>";
}

std::string accuracy_histogram(const std::vector<double>& percentages) {
  std::array<int, 10> bins{};
  for (const double percentage : percentages)
    ++bins.at(std::min<std::size_t>(9, static_cast<std::size_t>(percentage / 10)));
  const int most = std::max(1, *std::max_element(bins.begin(), bins.end()));
  const double step = kWidth / static_cast<double>(bins.size());
  std::string svg = opened_chart(kChartHeight, "number of classes by accuracy");
  for (std::size_t i = 0; i < bins.size(); ++i) {
    const double x = static_cast<double>(i) * step;
    const double top = kChartHeight - kBelowChart - bins[i] * (kChartHeight - kAboveChart - kBelowChart) / most;
    if (bins[i] > 0) svg += column(x + 3, top, step - 6, kChartHeight - kBelowChart, "kept");
    svg += text_at(x + step / 2, top - 5, "middle", std::to_string(bins[i]));
    svg += text_at(x, kChartHeight - 6, i == 0 ? "start" : "middle", std::to_string(i * 10));
  }
  svg += text_at(kWidth, kChartHeight - 6, "end", "100");
  return svg + "</svg>";
}

}  // namespace trefoil::report
