#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "report/plots.h"
#include "report/scale.h"
#include "report/svg.h"

namespace trefoil::report {

namespace {

constexpr double kLineChartHeight = 330;
constexpr double kLineLeft = 76;
constexpr double kLineRight = kChartWidth - 22;
constexpr double kLineTop = 40;
constexpr double kLineBottom = kLineChartHeight - 62;

struct Frame {
  Scale x;
  Scale y;
};

std::vector<double> x_values(const LineChart& chart) {
  std::set<double> values;
  for (const auto& points : chart.series) {
    for (const LinePoint& point : points) values.insert(point.x);
  }
  return {values.begin(), values.end()};
}

std::vector<double> y_ticks(const LineChart& chart) {
  std::vector<double> ends;
  for (const auto& points : chart.series) {
    for (const LinePoint& point : points) {
      ends.push_back(point.y.mean - point.y.deviation);
      ends.push_back(point.y.mean + point.y.deviation);
    }
  }
  const auto [low, high] = std::minmax_element(ends.begin(), ends.end());
  return round_ticks(*low, *high);
}

std::string y_axis(const Scale& scale, const std::vector<double>& ticks, const std::string& title) {
  const std::vector<std::string> texts = tick_texts(ticks);
  std::string svg = text_at(0, 20, "start", title);
  for (std::size_t i = 0; i < ticks.size(); ++i) {
    const double y = scale.place(ticks[i]);
    svg += line_between(kLineLeft, y, kLineRight, y, "grid") + text_at(kLineLeft - 10, y + 5, "end", texts[i]);
  }
  return svg;
}

// Labels that would overlap the previous one are left out; the ticks stay.
std::string x_axis(const Scale& scale, const std::vector<double>& values, const std::string& title) {
  std::string svg;
  double free_from = 0;
  for (const double value : values) {
    const double x = scale.place(value);
    svg += line_between(x, kLineBottom, x, kLineBottom + 5, "axis");
    const std::string text = fmt::format("{:.4g}", value);
    const double half = static_cast<double>(text.size()) * kCharacterWidth / 2;
    if (x - half < free_from) continue;
    svg += text_at(x, kLineBottom + 24, "middle", text);
    free_from = x + half + kCharacterWidth / 2;
  }
  return svg + line_between(kLineLeft, kLineBottom, kLineRight, kLineBottom, "axis") +
         text_at((kLineLeft + kLineRight) / 2, kLineChartHeight - 8, "middle", fitting(title));
}

std::string error_bar(double x, const Spread& y, const Scale& scale, const std::string& style) {
  if (y.count < 2) return "";
  const double top = scale.place(y.mean + y.deviation);
  const double bottom = scale.place(y.mean - y.deviation);
  return line_between(x, top, x, bottom, style) + line_between(x - 4, top, x + 4, top, style) +
         line_between(x - 4, bottom, x + 4, bottom, style);
}

// `shift` keeps the error bars of several series apart.
std::string drawn_series(const std::vector<LinePoint>& points, const std::string& style, const Frame& frame,
                         double shift, bool joined) {
  std::string path;
  std::string marks;
  for (const LinePoint& point : points) {
    const double x = frame.x.place(point.x) + shift;
    const double y = frame.y.place(point.y.mean);
    path += fmt::format("{:.1f},{:.1f} ", x, y);
    marks += error_bar(x, point.y, frame.y, "error " + style) + dot(x, y, style, point.note);
  }
  if (!joined) return marks;
  return fmt::format(R"(<polyline class="{}" points="{}"/>)", style, path) + marks;
}

}  // namespace

std::string line_chart(const LineChart& chart) {
  constexpr double kInset = 24;  // keeps the outer points off the frame
  constexpr double kShift = 5;
  const std::vector<double> values = x_values(chart);
  const std::vector<double> ticks = y_ticks(chart);
  const Frame frame{
      Scale(values.front(), values.back(), kLineLeft + kInset, kLineRight - kInset, log_spaced(values)),
      Scale(ticks.front(), ticks.back(), kLineBottom, kLineTop),
  };
  std::string svg = opened_chart(kLineChartHeight, chart.y_title + " against " + chart.x_title);
  svg += y_axis(frame.y, ticks, chart.y_title) + x_axis(frame.x, values, chart.x_title);
  const double middle = (static_cast<double>(chart.series.size()) - 1) / 2;
  for (std::size_t i = 0; i < chart.series.size(); ++i) {
    svg +=
        drawn_series(chart.series[i], series_style(i), frame, kShift * (static_cast<double>(i) - middle), chart.joined);
  }
  return svg + "</svg>";
}

}  // namespace trefoil::report
