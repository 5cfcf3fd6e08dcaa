#include "config/settings.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <type_traits>

#include "base/suggestion.h"
#include "base/text.h"
#include "config/toml.h"

namespace trefoil::config {

namespace {

std::string dotted(const std::string& section, const std::string& key) {
  return section.empty() ? key : section + "." + key;
}

std::string bounds_text(const Bounds& bounds) {
  const bool below = std::isfinite(bounds.maximum);
  const bool above = std::isfinite(bounds.minimum);
  if (above && below) return ", " + base::number_text(bounds.minimum) + " to " + base::number_text(bounds.maximum);
  if (above) return ", at least " + base::number_text(bounds.minimum);
  if (below) return ", at most " + base::number_text(bounds.maximum);
  return "";
}

// Returns the value as text for messages: "got …".
std::string written(const Value& value) {
  if (const auto* text = value.text()) return toml_quoted(*text);
  if (const auto* integer = std::get_if<std::int64_t>(&value.data)) return std::to_string(*integer);
  if (const auto* real = std::get_if<double>(&value.data)) return real_text(*real);
  if (const auto* boolean = std::get_if<bool>(&value.data)) return *boolean ? "true" : "false";
  return value.type_name();
}

// Returns a value as text. `--set name=7` gives the text "7", because the parameter is declared as a text.
std::optional<std::string> as_text(const Value& value) {
  if (const auto* text = value.text()) return *text;
  const std::string& override_text = value.origin.override_text;
  if (override_text.empty() || value.array() != nullptr || value.table() != nullptr) return std::nullopt;
  return override_text.substr(override_text.find('=') + 1);
}

bool within(double number, const Bounds& bounds) { return number >= bounds.minimum && number <= bounds.maximum; }

std::optional<ParameterValue> as_number(const Value& value, const Parameter& declared) {
  const auto* integer = std::get_if<std::int64_t>(&value.data);
  const auto* real = std::get_if<double>(&value.data);
  if (declared.type == ParameterType::integer) {
    if (integer != nullptr && within(static_cast<double>(*integer), declared.bounds)) return *integer;
    return std::nullopt;
  }
  if (integer == nullptr && real == nullptr) return std::nullopt;
  const double number = integer != nullptr ? static_cast<double>(*integer) : *real;
  if (!std::isfinite(number) || !within(number, declared.bounds)) return std::nullopt;
  return number;
}

std::optional<ParameterValue> as_list(const Value& value, bool paths) {
  if (value.array() == nullptr) return std::nullopt;
  std::vector<std::string> list;
  for (const Value& element : *value.array()) {
    if (element.text() == nullptr) return std::nullopt;
    list.push_back(paths ? absolute_path(*element.text(), element.origin.folder()) : *element.text());
  }
  return list;
}

bool holds_text(ParameterType type) {
  return type == ParameterType::text || type == ParameterType::choice || type == ParameterType::path;
}

// Returns the value in the declared type, or nothing when the type is another or the value is out of bounds.
std::optional<ParameterValue> typed(const Value& value, const Parameter& declared) {
  if (value.from_environment && value.text() != nullptr && !holds_text(declared.type)) {
    std::optional<Value> parsed = parse_toml_value(*value.text());
    if (!parsed) return std::nullopt;
    parsed->origin = value.origin;
    return typed(*parsed, declared);
  }
  switch (declared.type) {
    case ParameterType::boolean:
      if (const auto* boolean = std::get_if<bool>(&value.data)) return *boolean;
      return std::nullopt;
    case ParameterType::integer:
    case ParameterType::real:
      return as_number(value, declared);
    case ParameterType::path_list:
    case ParameterType::text_list:
      return as_list(value, declared.type == ParameterType::path_list);
    case ParameterType::text:
    case ParameterType::choice:
    case ParameterType::path:
      break;
  }
  std::optional<std::string> text = as_text(value);
  if (!text) return std::nullopt;
  const bool may_be_empty = *declared.text_default == '\0';
  if (declared.type == ParameterType::path && text->empty() && !may_be_empty) return std::nullopt;
  if (declared.type == ParameterType::path) return absolute_path(*text, value.origin.folder());
  if (declared.type == ParameterType::choice) {
    const std::vector<std::string> choices = choices_of(declared);
    if (std::find(choices.begin(), choices.end(), *text) == choices.end()) return std::nullopt;
  }
  return *text;
}

std::string bad_value_cure(const Value& value, const Parameter& declared) {
  if (declared.type == ParameterType::choice && value.text() != nullptr) {
    const std::string near = base::nearest(*value.text(), choices_of(declared));
    if (!near.empty()) return "did you mean '" + near + "'? " + declared.help;
  }
  return declared.help;
}

// Whether config.toml, which is UTF-8, can hold the value.
bool is_utf8(const ParameterValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return base::is_utf8(*text);
  const auto* list = std::get_if<std::vector<std::string>>(&value);
  return list == nullptr ||
         std::all_of(list->begin(), list->end(), [](const std::string& text) { return base::is_utf8(text); });
}

void refuse_unknown_keys(const Table& table, const std::string& section, const std::vector<std::string>& known,
                         Diagnostics& diagnostics) {
  for (const Entry& entry : table.entries()) {
    if (std::find(known.begin(), known.end(), entry.key) != known.end()) continue;
    const std::string where = section.empty() ? "at the top level" : "in [" + section + "]";
    diagnostics.error(
        entry.key_origin, "unknown key '" + entry.key + "' " + where,
        base::suggestion(entry.key, known, section.empty() ? "known keys" : "known keys of [" + section + "]"));
  }
}

ParameterValue default_in(const std::filesystem::path& folder, const Parameter& declared) {
  if (declared.type == ParameterType::path) return absolute_path(declared.text_default, folder);
  return default_value(declared);
}

}  // namespace

std::string absolute_path(const std::string& text, const std::filesystem::path& folder) {
  if (text.empty()) return text;
  std::error_code unreadable;
  const std::filesystem::path resolved = std::filesystem::weakly_canonical(folder / text, unreadable);
  return (unreadable ? folder / text : resolved).string();
}

std::vector<std::string> choices_of(const Parameter& declared) { return base::split(declared.choices, '|'); }

std::string type_text(const Parameter& declared) {
  switch (declared.type) {
    case ParameterType::boolean:
      return "true or false";
    case ParameterType::integer:
      return "an integer" + bounds_text(declared.bounds);
    case ParameterType::real:
      return "a real number" + bounds_text(declared.bounds);
    case ParameterType::text:
      return declared.program ? "a program; `file` instead of it names a file with the program" : "a text";
    case ParameterType::path:
      return "a path";
    case ParameterType::path_list:
      return "an array of paths";
    case ParameterType::text_list:
      return "an array of texts";
    case ParameterType::choice:
      break;
  }
  std::string text = "one of";
  for (const std::string& choice : choices_of(declared)) text += " \"" + choice + "\"";
  return text;
}

ParameterValue default_value(const Parameter& declared) {
  switch (declared.type) {
    case ParameterType::boolean:
      return declared.boolean_default;
    case ParameterType::integer:
      return declared.integer_default;
    case ParameterType::real:
      return declared.real_default;
    case ParameterType::path_list:
      return std::vector<std::string>{};
    case ParameterType::text_list:
      return base::split(declared.text_default, '|');
    case ParameterType::choice:
      return choices_of(declared).at(0);
    case ParameterType::text:
    case ParameterType::path:
      break;
  }
  return std::string(declared.text_default);
}

Value file_value(const ParameterValue& value, const Origin& origin) {
  if (const auto* list = std::get_if<std::vector<std::string>>(&value)) {
    Array array;
    for (const std::string& text : *list) array.push_back({text, origin});
    return {std::move(array), origin};
  }
  Value result;
  result.origin = origin;
  std::visit(
      [&](const auto& typed) {
        if constexpr (!std::is_same_v<std::decay_t<decltype(typed)>, std::vector<std::string>>) result.data = typed;
      },
      value);
  return result;
}

std::string toml_text(const Value& value) {
  struct Writer {
    std::string operator()(bool boolean) const { return boolean ? "true" : "false"; }
    std::string operator()(std::int64_t integer) const { return std::to_string(integer); }
    std::string operator()(double real) const { return real_text(real); }
    std::string operator()(const std::string& text) const { return toml_quoted(text); }
    std::string operator()(const Array& array) const {
      std::string text;
      for (const Value& element : array) text += (text.empty() ? "" : ", ") + toml_text(element);
      return "[" + text + "]";
    }
    std::string operator()(const Table& table) const {
      std::string text;
      for (const Entry& entry : table.entries()) {
        text += (text.empty() ? " " : ", ") + entry.key + " = " + toml_text(entry.value);
      }
      return "{" + text + " }";
    }
  };
  return std::visit(Writer(), value.data);
}

std::string toml_lines_text(const Value& value) {
  const std::string* text = value.text();
  return text != nullptr && text->find('\n') != std::string::npos ? toml_lines(*text) : toml_text(value);
}

Parameters read_settings(const Table& table, const std::string& section, const std::vector<Parameter>& declared,
                         const std::vector<std::string>& owned, const std::filesystem::path& folder,
                         Diagnostics& diagnostics, std::vector<Setting>& settings) {
  std::vector<std::string> known = owned;
  for (const Parameter& parameter : declared) known.emplace_back(parameter.name);
  refuse_unknown_keys(table, section, known, diagnostics);

  Parameters::Values values;
  for (const Parameter& parameter : declared) {
    const std::string key = dotted(section, parameter.name);
    const Value* given = table.find(parameter.name);
    if (given == nullptr && parameter.required) {
      const Origin origin = table.entries().empty() ? Origin{} : table.entries().front().key_origin;
      diagnostics.error(origin, "'" + key + "' is missing: " + type_text(parameter), parameter.help);
      continue;
    }
    const std::optional<ParameterValue> value =
        given == nullptr ? default_in(folder, parameter) : typed(*given, parameter);
    if (!value) {
      diagnostics.error(given->origin, "'" + key + "' must be " + type_text(parameter) + "; got " + written(*given),
                        bad_value_cure(*given, parameter));
      continue;
    }
    if (!is_utf8(*value)) {
      diagnostics.error(
          given == nullptr ? Origin{} : given->origin,
          "'" + key + "' is not UTF-8, so config.toml could not hold it; got " + written(file_value(*value, {})),
          "rename the file or folder, or make a link to it with another name");
      continue;
    }
    values.emplace(parameter.name, *value);
    settings.push_back({key, file_value(*value, given == nullptr ? Origin{} : given->origin), parameter.help});
  }
  return Parameters(std::move(values));
}

}  // namespace trefoil::config
