// SVG: the pieces that the plots are made of.
#pragma once

#include <string>
#include <string_view>

namespace trefoil::report {

// A page scales pictures to its width. Text gets larger there when the page is narrow, so that room is left for it:
// this much for one character.
inline constexpr double kPictureWidth = 640;
inline constexpr double kCharacterWidth = 12.5;

std::string escaped(std::string_view text);

// Cut to what fits into the picture's width, with "…".
std::string fitting(const std::string& text, double width = kPictureWidth);

std::string opened_picture(double height, const std::string& title);  // close with "</svg>"

std::string text_at(double x, double y, const char* anchor, const std::string& text);

// `style` is a class of the page's style.
std::string line_between(double x1, double y1, double x2, double y2, const std::string& style);
std::string rectangle(double x, double y, double width, double height, const std::string& style,
                      const std::string& note = "", double opacity = 1);
std::string dot(double x, double y, const std::string& style, const std::string& note);

// "s1" for series 0, "s2", …
std::string series_style(std::size_t series);

}  // namespace trefoil::report
