#include "config/toml.h"

#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <system_error>

#include "base/atomic_file.h"

namespace trefoil::config {

namespace {

Origin origin_of(const toml::source_region& source, const std::filesystem::path& file) {
  return {file, source.begin.line, source.begin.column, ""};
}

class Converter {
 public:
  Converter(const std::filesystem::path& file, Diagnostics& diagnostics) : file_(file), diagnostics_(diagnostics) {}

  Table table(const toml::table& source) const {
    std::vector<Entry> entries;
    for (const auto& [key, node] : source) {
      entries.push_back({std::string(key.str()), origin_of(key.source(), file_), value(node)});
    }
    // The library iterates in alphabetical order. The order of the file is used instead.
    std::stable_sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
      return std::pair(a.key_origin.line, a.key_origin.column) < std::pair(b.key_origin.line, b.key_origin.column);
    });
    Table result;
    for (Entry& entry : entries) result.set(std::move(entry));
    return result;
  }

  Value value(const toml::node& node) const {
    Value result;
    result.origin = origin_of(node.source(), file_);
    if (const auto* child = node.as_table()) {
      result.data = table(*child);
    } else if (const auto* list = node.as_array()) {
      Array array;
      for (const auto& element : *list) array.push_back(value(element));
      result.data = std::move(array);
    } else if (const auto* text = node.as_string()) {
      result.data = text->get();
      if (text->get().find('\0') != std::string::npos) {
        diagnostics_.error(result.origin, "a text must not have the character U+0000", "remove \\u0000");
      }
    } else if (const auto* integer = node.as_integer()) {
      result.data = integer->get();
    } else if (const auto* real = node.as_floating_point()) {
      result.data = real->get();
    } else if (const auto* boolean = node.as_boolean()) {
      result.data = boolean->get();
    } else {
      diagnostics_.error(result.origin, "no key takes dates or times", "for a text, use quotes");
    }
    return result;
  }

 private:
  const std::filesystem::path& file_;
  Diagnostics& diagnostics_;
};

// Returns the number of the first line with too many dots, or 0. toml++ limits nested arrays and tables, but handles
// dotted keys (a.b.c) of any length by recursion. A key is on one line.
std::uint32_t line_of_too_long_key(std::string_view text) {
  constexpr std::size_t kMostDots = 1000;
  std::uint32_t line = 1;
  std::size_t dots = 0;
  for (const char c : text) {
    if (c == '.' && ++dots > kMostDots) return line;
    if (c != '\n') continue;
    ++line;
    dots = 0;
  }
  return 0;
}

// Returns the character as it is written in a TOML string. Quotes are left to the caller.
std::string escaped(char c) {
  if (c == '\n') return "\\n";
  if (c == '\t') return "\\t";
  if (c == '\\') return "\\\\";
  if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F) return std::string(1, c);
  std::array<char, 8> escape{};
  std::snprintf(escape.data(), escape.size(), "\\u%04X", static_cast<unsigned>(static_cast<unsigned char>(c)));
  return escape.data();
}

}  // namespace

Table read_toml(const std::filesystem::path& file, Diagnostics& diagnostics) {
  std::string text;
  try {
    text = base::read_text(file);
  } catch (const Error& error) {
    diagnostics.error({}, error.what(), "check the path of the experiment file");
    return {};
  }
  if (const std::uint32_t line = line_of_too_long_key(text); line > 0) {
    diagnostics.error({file, line, 1, ""}, "the line has more than 1,000 dots", "split it, or shorten the key");
    return {};
  }
  try {
    return Converter(file, diagnostics).table(toml::parse(text));
  } catch (const toml::parse_error& error) {
    diagnostics.error(origin_of(error.source(), file), std::string(error.description()));
    return {};
  }
}

std::optional<Value> parse_toml_value(std::string_view text) {
  if (line_of_too_long_key(text) > 0) return std::nullopt;
  try {
    const toml::table parsed = toml::parse("value = " + std::string(text));
    if (parsed.size() != 1) return std::nullopt;
    Diagnostics dates;
    Value value = Converter({}, dates).value(*parsed.get("value"));
    if (!dates.empty()) return std::nullopt;
    return value;
  } catch (const toml::parse_error&) {
    return std::nullopt;
  }
}

std::string toml_quoted(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) result += c == '"' ? "\\\"" : escaped(c);
  return result + "\"";
}

std::string toml_lines(std::string_view text) {
  std::string result = "\"\"\"\n";
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool would_close = c == '"' && (i + 1 == text.size() || (i > 0 && text[i - 1] == '"'));
    result += would_close ? "\\\"" : c == '"' || c == '\n' || c == '\t' ? std::string(1, c) : escaped(c);
  }
  return result + "\"\"\"";
}

std::string real_text(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
  std::array<char, 32> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  std::string text(digits.data(), end);
  if (text.find_first_of(".e") == std::string::npos) text += ".0";
  return text;
}

}  // namespace trefoil::config
