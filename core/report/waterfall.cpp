#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/plots.h"
#include "report/scale.h"
#include "report/svg.h"
#include "report/value_axis.h"

namespace trefoil::report {

namespace {

constexpr double kWaterfallTop = 12;
constexpr double kBarLabel = 30;  // room for a bar's label, which stands above it
constexpr double kBar = 20;
constexpr double kBarRow = kBarLabel + kBar + 16;
constexpr double kWaterfallSide = 30;

std::string signed_text(const Spread& change) {
  const std::string text = spread_text({std::abs(change.mean), change.deviation, change.count, change.equal});
  return (change.mean < 0 ? "−" : "+") + text;
}

std::vector<double> ticks_of(const std::vector<Change>& changes) {
  double low = 0;
  double high = 0;
  for (const Change& each : changes) {
    low = std::min(low, each.change.mean - each.change.deviation);
    high = std::max(high, each.change.mean + each.change.deviation);
  }
  return round_ticks(low, high);
}

std::string drawn_change(const Change& each, double y, const Scale& scale) {
  const double zero = scale.place(0);
  const double end = scale.place(each.change.mean);
  const double middle = y + kBarLabel + kBar / 2;
  const std::string numbers = signed_text(each.change);
  const double room = kChartWidth - static_cast<double>(numbers.size() + 1) * kCharacterWidth;
  std::string svg = text_at(0, y + kBarLabel - 8, "start", fitting(each.label, room)) +
                    text_at(kChartWidth, y + kBarLabel - 8, "end", numbers);
  svg += rectangle(std::min(zero, end), y + kBarLabel, std::max(std::abs(end - zero), 1.0), kBar,
                   each.change.mean < 0 ? "loss" : "gain", fmt::format("{}: {} points", each.label, numbers));
  svg += line_between(zero, y + kBarLabel - 4, zero, y + kBarLabel + kBar + 4, "axis");
  if (each.change.count > 1) {
    svg += line_between(scale.place(each.change.mean - each.change.deviation), middle,
                        scale.place(each.change.mean + each.change.deviation), middle, "error");
  }
  return svg;
}

}  // namespace

std::string waterfall(const std::string& title, const std::vector<Change>& changes) {
  const double bottom = kWaterfallTop + kBarRow * static_cast<double>(changes.size());
  const std::vector<double> ticks = ticks_of(changes);
  const Scale scale(ticks.front(), ticks.back(), kWaterfallSide, kChartWidth - kWaterfallSide);
  std::string svg =
      opened_chart(bottom + kValueAxisHeight, title) + value_axis(scale, ticks, kWaterfallTop, bottom, title);
  double y = kWaterfallTop;
  for (const Change& each : changes) {
    svg += drawn_change(each, y, scale);
    y += kBarRow;
  }
  return svg + "</svg>";
}

}  // namespace trefoil::report
