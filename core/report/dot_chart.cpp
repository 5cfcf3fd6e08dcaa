#include <fmt/format.h>

#include <algorithm>

#include "report/plots.h"
#include "report/scale.h"
#include "report/svg.h"
#include "report/value_axis.h"

namespace trefoil::report {

namespace {

constexpr double kDotTop = 6;
constexpr double kDotLabel = 30;  // room for a row's label, which stands above its dots
constexpr double kDot = 18;       // and for each series
constexpr double kGap = 10;
constexpr double kDotSide = 36;

std::vector<double> ticks_of(const DotChart& chart) {
  std::vector<double> ends;
  for (const DotRow& row : chart.rows) {
    for (const auto& value : row.values) {
      if (!value) continue;
      ends.push_back(value->mean - value->deviation);
      ends.push_back(value->mean + value->deviation);
    }
  }
  const auto [low, high] = std::minmax_element(ends.begin(), ends.end());
  return round_ticks(*low, *high);
}

std::string drawn_value(const DotRow& row, std::size_t series, double y, const Scale& scale) {
  const Spread& value = *row.values[series];
  const std::string style = series_style(series);
  std::string svg;
  if (value.count > 1) {
    svg += line_between(scale.place(value.mean - value.deviation), y, scale.place(value.mean + value.deviation), y,
                        "error " + style);
  }
  return svg + dot(scale.place(value.mean), y, style, fmt::format("{}: {} %", row.label, spread_text(value)));
}

// A chart with one series shows the number at the right of the dot.
std::string drawn_label(const DotRow& row, double y) {
  const bool with_number = row.values.size() == 1 && row.values.front();
  const std::string number = with_number ? spread_text(*row.values.front()) : "";
  const double room = kChartWidth - static_cast<double>(number.size()) * kCharacterWidth;
  return text_at(0, y, "start", fitting(row.label, room)) + text_at(kChartWidth, y, "end", number);
}

}  // namespace

std::string dot_chart(const DotChart& chart) {
  const double series = static_cast<double>(chart.rows.front().values.size());
  const double row_height = kDotLabel + kDot * series + kGap;
  const double bottom = kDotTop + row_height * static_cast<double>(chart.rows.size());
  const std::vector<double> ticks = ticks_of(chart);
  const Scale scale(ticks.front(), ticks.back(), kDotSide, kChartWidth - kDotSide);
  std::string svg =
      opened_chart(bottom + kValueAxisHeight, chart.title) + value_axis(scale, ticks, kDotTop, bottom, chart.title);
  double y = kDotTop;
  for (const DotRow& row : chart.rows) {
    svg += line_between(0, y, kChartWidth, y, "grid") + drawn_label(row, y + kDotLabel / 2 + 8);
    for (std::size_t i = 0; i < row.values.size(); ++i) {
      if (row.values[i]) svg += drawn_value(row, i, y + kDotLabel + kDot * (static_cast<double>(i) + 0.5), scale);
    }
    y += row_height;
  }
  return svg + "</svg>";
}

}  // namespace trefoil::report
