#include "report/pivot_latex.h"

#include <fmt/format.h>

#include <array>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "report/pivot_text.h"

namespace trefoil::report {

namespace {

// Replaces what LaTeX would interpret, and the symbols that its default fonts lack in text.
std::string latex_text(std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 20> kReplacements = {{
      {"\\", "\\textbackslash{}"},
      {"&", "\\&"},
      {"%", "\\%"},
      {"$", "\\$"},
      {"#", "\\#"},
      {"_", "\\_"},
      {"{", "\\{"},
      {"}", "\\}"},
      {"~", "\\textasciitilde{}"},
      {"^", "\\textasciicircum{}"},
      {"α", "$\\alpha$"},
      {"β", "$\\beta$"},
      {"γ", "$\\gamma$"},
      {"λ", "$\\lambda$"},
      {"−", "$-$"},
      {"±", "$\\pm$"},
      {"–", "--"},
      {"\n", " "},
      {"<", "\\textless{}"},
      {">", "\\textgreater{}"},
  }};
  std::string result;
  while (!text.empty()) {
    std::string_view taken = text.substr(0, 1);
    std::string_view written = taken;
    for (const auto& [from, to] : kReplacements) {
      if (text.substr(0, from.size()) != from) continue;
      taken = from;
      written = to;
    }
    result += written;
    text.remove_prefix(taken.size());
  }
  return result;
}

std::string latex_number(const Spread& spread) {
  if (spread.count < 2 || spread.equal) return fmt::format("{:.2f}", spread.mean);
  return fmt::format("{:.2f} $\\pm$ {:.2f}", spread.mean, spread.deviation);
}

std::string latex_field(const std::optional<PivotValue>& value) {
  if (!value) return "--";
  const std::string text = latex_number(value->accuracy);
  if (value->mark == Mark::best) return "\\textbf{" + text + "}";
  return value->mark == Mark::second ? "\\underline{" + text + "}" : text;
}

std::string published_latex(const PublishedRow& row) {
  std::string line = fmt::format("\\textcolor{{gray}}{{{}}}", latex_text(row.method));
  for (const auto& value : row.values)
    line += value ? fmt::format(" & \\textcolor{{gray}}{{{:.2f}}}", *value) : " & --";
  return line + " \\\\\n";
}

std::string latex_block(const Pivot& pivot, const PivotBlock& block) {
  std::string text = "\\midrule\n";
  if (!block.name.empty())
    text += fmt::format("\\multicolumn{{{}}}{{l}}{{\\textit{{{}}}}} \\\\\n", pivot.columns.size() + 1,
                        latex_text(block.name));
  for (std::size_t row = 0; row < pivot.rows.size(); ++row) {
    text += latex_text(pivot.rows[row]);
    for (const auto& value : block.values[row]) text += " & " + latex_field(value);
    text += " \\\\\n";
  }
  for (const PublishedRow& row : block.published) text += published_latex(row);
  if (!block.published.empty()) text += "% published: " + base::one_line(published_sources(block)) + "\n";
  return text;
}

}  // namespace

std::string pivot_latex(const Pivot& pivot) {
  std::string text = "% \\usepackage{booktabs} \\usepackage{xcolor}\n";
  text += fmt::format("\\begin{{tabular}}{{l{}}}\n\\toprule\n", std::string(pivot.columns.size(), 'r'));
  text += latex_text(pivot.row_title);
  for (const std::string& column : pivot.columns) text += " & " + latex_text(column);
  text += " \\\\\n";
  for (const PivotBlock& block : pivot.blocks) text += latex_block(pivot, block);
  return text + "\\bottomrule\n\\end{tabular}\n";
}

}  // namespace trefoil::report
