#include "config/diagnostics.h"

#include <algorithm>
#include <fstream>

#include "base/text.h"

namespace trefoil::config {

namespace {

std::string source_line(const Origin& origin) {
  std::ifstream stream(origin.file);
  std::string line;
  for (std::uint32_t i = 0; i < origin.line; ++i) {
    if (!std::getline(stream, line)) return "";
  }
  return line;
}

// Returns the line of the file with its number, and a caret under the column. Tabs stay tabs in the padding, so that
// the caret is at the right place. Returns "" for a line that would fill the terminal.
std::string excerpt(const Origin& origin) {
  constexpr std::size_t kLongestLine = 1000;
  const std::string line = source_line(origin);
  if (line.empty() || line.size() > kLongestLine) return "";
  const std::string number = std::to_string(origin.line);
  std::string padding;
  for (std::uint32_t i = 1; i < origin.column && i <= line.size(); ++i) padding += line[i - 1] == '\t' ? '\t' : ' ';
  return "\n  " + number + " | " + line + "\n  " + std::string(number.size(), ' ') + " | " + padding + "^";
}

// Nobody reads more than the first errors, and each excerpt reads the file again.
std::string joined(const std::vector<Diagnostic>& all) {
  constexpr std::size_t kMostShown = 50;
  std::string text;
  for (std::size_t i = 0; i < std::min(all.size(), kMostShown); ++i) text += (i == 0 ? "" : "\n") + all[i].text();
  if (all.size() > kMostShown) text += "\nand " + base::counted(all.size() - kMostShown, "more error");
  return text;
}

}  // namespace

std::string Diagnostic::text() const {
  std::string result = origin.is_default() ? "error: " + message : origin.text() + ": error: " + message;
  if (!origin.file.empty() && origin.override_text.empty()) result += excerpt(origin);
  if (!cure.empty()) result += "\n  " + cure;
  return result;
}

ConfigError::ConfigError(std::vector<Diagnostic> all)
    : Error(ExitCode::configuration, joined(all)), diagnostics(std::move(all)) {}

void Diagnostics::error(const Origin& origin, std::string message, std::string cure) {
  all_.push_back({origin, std::move(message), std::move(cure)});
}

void Diagnostics::append(const Diagnostics& more) { all_.insert(all_.end(), more.all_.begin(), more.all_.end()); }

void Diagnostics::throw_if_any() const {
  if (!all_.empty()) throw ConfigError(all_);
}

}  // namespace trefoil::config
