// SVG: the elements of charts, as text. All texts are escaped.
#pragma once

#include <string>
#include <string_view>

namespace trefoil::report {

// Pages scale charts to their width, and enlarge the text when they are narrow. kCharacterWidth is the width of a
// character then, so that texts are given enough room.
inline constexpr double kChartWidth = 640;
inline constexpr double kCharacterWidth = 12.5;

std::string escaped(std::string_view text);

// The text, cut to a width, with "…" at the end.
std::string fitting(const std::string& text, double width = kChartWidth);

// Both are closed with "</svg>". A panel is small, and stands beside others.
std::string opened_chart(double height, const std::string& title);
std::string opened_panel(double width, double height, const std::string& title);

std::string text_at(double x, double y, const char* anchor, const std::string& text);

// `style` is a class of the page's style.
std::string line_between(double x1, double y1, double x2, double y2, const std::string& style);
std::string rectangle(double x, double y, double width, double height, const std::string& style,
                      const std::string& note = "", double opacity = 1);
std::string dot(double x, double y, const std::string& style, const std::string& note, double radius = 5);

// "s1" for series 0, "s2", …
std::string series_style(std::size_t series);

}  // namespace trefoil::report
