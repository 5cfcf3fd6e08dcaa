#include "report/pivot_chart.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "report/pivot_text.h"
#include "report/scale.h"
#include "report/svg.h"

namespace trefoil::report {

namespace {

constexpr double kPanelWidth = 320;
constexpr double kPanelHeight = 240;
constexpr double kPanelLeft = 42;
constexpr double kPanelRight = kPanelWidth - 14;
constexpr double kPanelTop = 34;
constexpr double kPanelBottom = kPanelHeight - 44;

// The style of a file of its own. Pages have the same classes. Series six to ten are dashed, so that they differ from
// the first five in print too.
constexpr const char* kFigureStyle =
    "svg{background:#fff;font-family:Helvetica,Arial,'DejaVu Sans',sans-serif}"
    "text{fill:#333;font-size:12px}.grid{stroke:#ddd}.axis{stroke:#666}"
    "polyline{fill:none;stroke-width:1.8}circle{stroke:#fff;stroke-width:1}.error{stroke-width:1.2}"
    "line.swatch{stroke-width:2.5}.s6,.s7,.s8,.s9,.s10{stroke-dasharray:5 3}circle{stroke-dasharray:none}";
constexpr const char* kFigureColours[] = {"#2f7d4f", "#2b6cb0", "#b8500b", "#8e44ad", "#0b8a8f",
                                          "#a3312f", "#7a6a00", "#d6338a", "#555f66", "#111111"};

struct ValueRange {
  double low = 0;
  double high = 0;
};

// The range of the values with their error bars.
ValueRange range_of(const PivotBlock& block, const std::vector<std::size_t>& rows) {
  std::vector<double> ends;
  for (const std::size_t row : rows) {
    for (const auto& value : block.values[row]) {
      if (!value) continue;
      ends.push_back(value->accuracy.mean - value->accuracy.deviation);
      ends.push_back(value->accuracy.mean + value->accuracy.deviation);
    }
  }
  if (ends.empty()) return {0, 100};
  return {*std::min_element(ends.begin(), ends.end()), *std::max_element(ends.begin(), ends.end())};
}

std::string panel_axes(const Pivot& pivot, const Scale& x, const Scale& y, const std::vector<double>& ticks) {
  const std::vector<std::string> texts = tick_texts(ticks);
  std::string svg;
  for (std::size_t i = 0; i < ticks.size(); ++i) {
    const double place = y.place(ticks[i]);
    svg += line_between(kPanelLeft, place, kPanelRight, place, "grid") +
           text_at(kPanelLeft - 6, place + 4, "end", texts[i]);
  }
  for (std::size_t column = 0; column < pivot.columns.size(); ++column) {
    const double place = x.place(pivot.column_numbers[column]);
    svg += line_between(place, kPanelBottom, place, kPanelBottom + 4, "axis") +
           text_at(place, kPanelBottom + 17, "middle", pivot.columns[column]);
  }
  return svg + line_between(kPanelLeft, kPanelBottom, kPanelRight, kPanelBottom, "axis") +
         text_at((kPanelLeft + kPanelRight) / 2, kPanelHeight - 8, "middle", pivot.column_title);
}

std::string panel_error_bar(double x, double top, double bottom, const std::string& style) {
  return line_between(x, top, x, bottom, style) + line_between(x - 3, top, x + 3, top, style) +
         line_between(x - 3, bottom, x + 3, bottom, style);
}

// `shift` keeps the error bars of several series apart.
std::string panel_series(const Pivot& pivot, const PivotBlock& block, std::size_t row, const std::string& style,
                         const Scale& x, const Scale& y, double shift) {
  constexpr double kRadius = 3;
  std::string path;
  std::string marks;
  for (std::size_t column = 0; column < pivot.columns.size(); ++column) {
    const std::optional<PivotValue>& value = block.values[row][column];
    if (!value) continue;
    const Spread& accuracy = value->accuracy;
    const double across = x.place(pivot.column_numbers[column]) + shift;
    const double up = y.place(accuracy.mean);
    path += fmt::format("{:.1f},{:.1f} ", across, up);
    if (accuracy.deviation > 0)
      marks += panel_error_bar(across, y.place(accuracy.mean + accuracy.deviation),
                               y.place(accuracy.mean - accuracy.deviation), "error " + style);
    const std::string note = fmt::format("{}, {} = {}: {} %", pivot.rows[row], pivot.column_title,
                                         pivot.columns[column], accuracy_text(value));
    marks += dot(across, up, style, note, kRadius);
  }
  return fmt::format(R"(<polyline class="{}" points="{}"/>)", style, path) + marks;
}

// The content of a panel, without the surrounding element.
std::string panel_content(const Pivot& pivot, std::size_t number, const std::vector<std::size_t>& rows) {
  constexpr double kInset = 16;  // keeps the outer points off the frame
  constexpr double kShift = 1.6;
  const PivotBlock& block = pivot.blocks[number];
  const ValueRange ends = range_of(block, rows);
  const std::vector<double> ticks = round_ticks(ends.low, ends.high);
  const std::vector<double>& numbers = pivot.column_numbers;
  const Scale x(numbers.front(), numbers.back(), kPanelLeft + kInset, kPanelRight - kInset, log_spaced(numbers));
  const Scale y(ticks.front(), ticks.back(), kPanelBottom, kPanelTop);
  std::string svg = text_at(0, 16, "start", block.name.empty() ? "top-1, %" : fitting(block.name, kPanelWidth * 1.6));
  if (!block.name.empty()) svg += text_at(kPanelRight, 16, "end", "top-1, %");
  svg += panel_axes(pivot, x, y, ticks);
  const double middle = (static_cast<double>(rows.size()) - 1) / 2;
  for (std::size_t i = 0; i < rows.size(); ++i)
    svg += panel_series(pivot, block, rows[i], series_style(i), x, y, kShift * (static_cast<double>(i) - middle));
  return svg;
}

// A line of swatches and names below the panels.
std::string figure_legend(const Pivot& pivot, const std::vector<std::size_t>& rows, double width, double top) {
  constexpr double kColumn = 160;
  const auto per_line = std::max<std::size_t>(1, static_cast<std::size_t>(width / kColumn));
  std::string svg;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::size_t column = i % per_line, line = i / per_line;
    const double x = kColumn * static_cast<double>(column) + 10;
    const double y = top + 20 * static_cast<double>(line);
    svg += line_between(x, y - 4, x + 24, y - 4, "swatch " + series_style(i)) +
           text_at(x + 30, y, "start", fitting(pivot.rows[rows[i]], kColumn * 1.4));
  }
  return svg;
}

}  // namespace

std::vector<std::size_t> charted_rows(const Pivot& pivot) {
  constexpr std::size_t kMost = std::size(kFigureColours);
  if (pivot.column_numbers.size() < 2) return {};
  std::vector<std::size_t> rows(pivot.rows.size());
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  if (rows.size() <= kMost) return rows;
  std::vector<double> means(rows.size(), 0);
  for (const std::size_t row : rows) {
    std::vector<double> values;
    for (const auto& value : pivot.blocks.back().values[row]) {
      if (value) values.push_back(value->accuracy.mean);
    }
    means[row] = spread_of(values).mean;
  }
  std::stable_sort(rows.begin(), rows.end(), [&](std::size_t a, std::size_t b) { return means[a] > means[b]; });
  rows.resize(kMost);
  std::sort(rows.begin(), rows.end());
  return rows;
}

std::string pivot_panel(const Pivot& pivot, std::size_t block, const std::vector<std::size_t>& rows) {
  return opened_panel(kPanelWidth, kPanelHeight,
                      "accuracy against " + pivot.column_title + " " + pivot.blocks[block].name) +
         panel_content(pivot, block, rows) + "</svg>";
}

std::string pivot_figure(const Pivot& pivot, const std::vector<std::size_t>& blocks,
                         const std::vector<std::size_t>& rows) {
  constexpr double kLineHeight = 20;
  const auto across = std::min<std::size_t>(3, blocks.size());
  const std::size_t down = (blocks.size() + across - 1) / across;
  const double width = kPanelWidth * static_cast<double>(across);
  const double panels = kPanelHeight * static_cast<double>(down);
  const auto per_line = std::max<std::size_t>(1, static_cast<std::size_t>(width / 160));
  const std::size_t lines = (rows.size() + per_line - 1) / per_line;
  const double height = panels + kLineHeight * static_cast<double>(lines) + 16;
  std::string svg = fmt::format(
      R"(<svg xmlns="http://www.w3.org/2000/svg" width="{0:.0f}" height="{1:.0f}" viewBox="0 0 {0:.0f} {1:.0f}"><style>{2})",
      width, height, kFigureStyle);
  for (std::size_t i = 0; i < std::size(kFigureColours); ++i)
    svg += fmt::format("circle.{0}{{fill:{1}}}polyline.{0},line.{0}{{stroke:{1}}}", series_style(i), kFigureColours[i]);
  svg += "</style>";
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    const std::size_t column = i % across, line = i / across;
    svg += fmt::format(R"svg(<g transform="translate({:.0f} {:.0f})">{}</g>)svg",
                       kPanelWidth * static_cast<double>(column), kPanelHeight * static_cast<double>(line),
                       panel_content(pivot, blocks[i], rows));
  }
  return svg + figure_legend(pivot, rows, width, panels + kLineHeight) + "</svg>\n";
}

}  // namespace trefoil::report
