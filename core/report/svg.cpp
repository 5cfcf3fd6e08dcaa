#include "report/svg.h"

#include <fmt/format.h>

namespace trefoil::report {

namespace {

std::string noted(const std::string& element, const std::string& attributes, const std::string& note) {
  if (note.empty()) return fmt::format("<{} {}/>", element, attributes);
  return fmt::format("<{0} {1}><title>{2}</title></{0}>", element, attributes, escaped(note));
}

}  // namespace

std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      default:
        result += c;
    }
  }
  return result;
}

std::string fitting(const std::string& text, double width) {
  const auto most = static_cast<std::size_t>(width / kCharacterWidth);
  std::size_t characters = 0;
  std::size_t last_start = 0;  // of the character that gives way to "…"
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool starts = (static_cast<unsigned char>(text[i]) & 0xC0U) != 0x80U;  // not the middle of one, in UTF-8
    if (!starts) continue;
    if (++characters == most) last_start = i;
    if (characters > most) return text.substr(0, last_start) + "…";
  }
  return text;
}

std::string opened_chart(double height, const std::string& title) {
  return fmt::format(R"(<svg viewBox="0 0 {} {:.0f}" role="img" aria-label="{}">)", kChartWidth, height,
                     escaped(title));
}

std::string opened_panel(double width, double height, const std::string& title) {
  return fmt::format(R"(<svg class="panel" viewBox="0 0 {:.0f} {:.0f}" role="img" aria-label="{}">)", width, height,
                     escaped(title));
}

std::string text_at(double x, double y, const char* anchor, const std::string& text) {
  return fmt::format(R"(<text x="{:.1f}" y="{:.1f}" text-anchor="{}">{}</text>)", x, y, anchor, escaped(text));
}

std::string line_between(double x1, double y1, double x2, double y2, const std::string& style) {
  return fmt::format(R"(<line class="{}" x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}"/>)", style, x1, y1, x2, y2);
}

std::string rectangle(double x, double y, double width, double height, const std::string& style,
                      const std::string& note, double opacity) {
  return noted("rect",
               fmt::format(R"(class="{}" x="{:.2f}" y="{:.2f}" width="{:.2f}" height="{:.2f}" fill-opacity="{:.2f}")",
                           style, x, y, width, height, opacity),
               note);
}

std::string dot(double x, double y, const std::string& style, const std::string& note, double radius) {
  return noted("circle", fmt::format(R"(class="{}" cx="{:.1f}" cy="{:.1f}" r="{}")", style, x, y, radius), note);
}

std::string series_style(std::size_t series) { return "s" + std::to_string(series + 1); }

}  // namespace trefoil::report
