#include "mistake.h"

#include <algorithm>
#include <sstream>
#include <string_view>
#include <vector>

namespace script {

namespace {

const std::string kFile = std::string("File \"") + kSourceName + "\", line ";

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

// Reads a place as LibTorch writes it. `at` is the position of `File "code", line 2`. The lines of the script follow,
// and the place is underlined with `~~~`.
Place place_at(const std::string& message, std::size_t at) {
  Place place;
  const std::vector<std::string> lines = lines_of(message.substr(at + kFile.size()));
  if (lines.empty()) return place;
  place.line = std::strtoll(lines.front().c_str(), nullptr, 10);
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const std::size_t mark = lines[i].find_first_not_of(' ');
    const bool is_underline = mark != std::string::npos && lines[i][mark] == '~';
    if (!is_underline) continue;
    place.column = static_cast<std::int64_t>(mark) + 1;
    return place;
  }
  return place;
}

std::string trimmed(std::string text) {
  const auto is_end = [](char c) { return c == ' ' || c == '\n' || c == ':'; };
  while (!text.empty() && is_end(text.back())) text.pop_back();
  const std::size_t first = text.find_first_not_of(" \n");
  return first == std::string::npos ? "" : text.substr(first);
}

// A message about a call lists all variants of the function, with what is wrong for each. The variants of the other
// number types are left out.
std::string without_variants(const std::string& text) {
  const std::size_t list = text.find("The following variants are available");
  if (list == std::string::npos) return text;
  const std::vector<std::string> lines = lines_of(text.substr(list));
  const auto reason = std::find_if(lines.begin(), lines.end(), [](const std::string& line) {
    return line.find("Expected") != std::string::npos || line.find("not provided") != std::string::npos ||
           line.find("Unknown keyword") != std::string::npos;
  });
  return trimmed(text.substr(0, list)) + (reason == lines.end() ? "" : " " + trimmed(*reason));
}

bool ends_with(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

}  // namespace

trefoil::ParameterError compile_mistake(const std::string& message) {
  constexpr const char* kCure = "a script is TorchScript, the typed part of Python; see plugins/script/README.md";
  const std::size_t file = message.find(kFile);
  std::string what = without_variants(trimmed(message.substr(0, file)));
  if (ends_with(what, " here")) what.resize(what.size() - 5);
  return mistake(file == std::string::npos ? Place{} : place_at(message, file), what, kCure);
}

trefoil::ParameterError run_mistake(const std::string& message) {
  constexpr std::string_view kReason = "RuntimeError: ";
  constexpr std::string_view kNoMemory = "you tried to allocate ";
  const std::size_t file = message.rfind(kFile);
  const Place place = file == std::string::npos ? Place{} : place_at(message, file);
  const std::size_t reason = message.rfind(kReason);
  const std::string what = trimmed(reason == std::string::npos ? message : message.substr(reason + kReason.size()));
  if (const std::size_t memory = what.find(kNoMemory); memory != std::string::npos) {
    const double bytes = std::strtod(what.c_str() + memory + kNoMemory.size(), nullptr);
    const auto gibibytes = static_cast<std::int64_t>(bytes / (1 << 30));
    return mistake(place, "there is not enough memory for a tensor of " + std::to_string(gibibytes) + " GiB",
                   "compute with smaller tensors, for example class by class");
  }
  return mistake(place, lines_of(what).empty() ? "it failed" : lines_of(what).front(),
                 "check the shapes and types of the tensors in this line");
}

}  // namespace script
