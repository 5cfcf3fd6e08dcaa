/// @file
/// Parameters: how a plugin declares what can be set in its table of the experiment file, and how it reads the values.
///
/// A plugin lists its parameters once, as constant data. From that list the host checks the experiment file (unknown
/// key, wrong type, out of range), fills in the defaults, prints `runner plugins KIND/NAME`, and hands over typed
/// values. The plugin never sees TOML and never checks a range itself.
///
/// @code
/// constexpr trefoil::Parameter kParameters[] = {
///     trefoil::parameter::real("beta", 5.5, {0, 1000}, "sharpness of the affinity"),
///     trefoil::parameter::choice("population", "joint|text|image", "whose features are compared"),
/// };
/// @endcode
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace trefoil {

/// What a parameter's value is. The functions of `trefoil::parameter` declare one of each.
enum class ParameterType : std::int32_t {
  boolean,    ///< bool
  integer,    ///< std::int64_t, within the bounds
  real,       ///< double, finite and within the bounds
  text,       ///< std::string
  choice,     ///< std::string, one of the choices
  path,       ///< std::string, an absolute path; "" only where that is the default
  path_list,  ///< std::vector<std::string>, absolute paths
  text_list   ///< std::vector<std::string>
};

/// Inclusive bounds of a number.
struct Bounds {
  double minimum = -std::numeric_limits<double>::infinity();  ///< allowed itself; −∞: none
  double maximum = std::numeric_limits<double>::infinity();   ///< allowed itself; ∞: none
};

/// The values that [search] tries where the experiment file names none: `count` of them from `from` to `to`, both
/// included, evenly spaced, by their logarithms if `logarithmic`. A count of 0: not searched unless the file says so.
struct SearchRange {
  double from = 0;           ///< the first value, above 0 if `logarithmic`, and within the parameter's bounds
  double to = 0;             ///< the last value, likewise
  std::int32_t count = 0;    ///< how many values; of a whole number, those that round to the same are tried once
  bool logarithmic = false;  ///< factors between neighbours are equal, and not differences
};

/// One declared parameter. Plain constant data, because the host reads it before it runs any code of the plugin;
/// build it with the functions of `trefoil::parameter`.
struct Parameter {
  /// The key in the plugin's table: lower-case letters, digits and underscores, once in a plugin. The host refuses a
  /// plugin that takes one of its own keys: `plugin`, and a selector's `q`.
  const char* name = "";
  ParameterType type = ParameterType::text;  ///< which of the defaults below counts
  const char* help = "";                     ///< one line, starting in lower case, without a full stop
  bool required = false;                     ///< no default: the experiment file must set it
  bool boolean_default = false;              ///< boolean
  std::int64_t integer_default = 0;          ///< integer
  double real_default = 0;                   ///< real
  const char* text_default = "";             ///< text, path; text_list: its elements, separated by '|'
  Bounds bounds;                             ///< integer, real
  const char* choices = "";                  ///< choice: "first|second|third", the first being the default
  SearchRange search;                        ///< integer, real
};

/// Functions that declare a parameter. They take strings of static storage, such as literals.
namespace parameter {

/// @cond
namespace detail {
constexpr void require_within(double fallback, Bounds bounds) {
  if (!(fallback >= bounds.minimum && fallback <= bounds.maximum))
    throw std::logic_error("the default of a parameter is outside its bounds");
}
}  // namespace detail
/// @endcond

/// A real number, finite. In the experiment file an integer is accepted too. A `fallback` outside the bounds is a
/// compile error in constexpr data, and throws std::logic_error elsewhere.
constexpr Parameter real(const char* name, double fallback, Bounds bounds, const char* help) {
  detail::require_within(fallback, bounds);
  Parameter declared;
  declared.name = name;
  declared.type = ParameterType::real;
  declared.help = help;
  declared.real_default = fallback;
  declared.bounds = bounds;
  return declared;
}

/// A whole number. A `fallback` outside the bounds is refused as by `real`.
constexpr Parameter integer(const char* name, std::int64_t fallback, Bounds bounds, const char* help) {
  detail::require_within(static_cast<double>(fallback), bounds);
  Parameter declared;
  declared.name = name;
  declared.type = ParameterType::integer;
  declared.help = help;
  declared.integer_default = fallback;
  declared.bounds = bounds;
  return declared;
}

/// `true` or `false`.
constexpr Parameter boolean(const char* name, bool fallback, const char* help) {
  Parameter declared;
  declared.name = name;
  declared.type = ParameterType::boolean;
  declared.help = help;
  declared.boolean_default = fallback;
  return declared;
}

/// Any text.
constexpr Parameter text(const char* name, const char* fallback, const char* help) {
  Parameter declared;
  declared.name = name;
  declared.type = ParameterType::text;
  declared.help = help;
  declared.text_default = fallback;
  return declared;
}

/// One of a fixed list of words, separated by '|'. The first is the default.
constexpr Parameter choice(const char* name, const char* choices, const char* help) {
  Parameter declared;
  declared.name = name;
  declared.type = ParameterType::choice;
  declared.help = help;
  declared.choices = choices;
  return declared;
}

/// A file or folder. A relative one is relative to the file that sets it, to the working directory when `--set` does,
/// and to the experiment file when it is the default; the plugin receives an absolute path, or "".
constexpr Parameter path(const char* name, const char* fallback, const char* help) {
  Parameter declared = text(name, fallback, help);
  declared.type = ParameterType::path;
  return declared;
}

/// Several files or folders, each treated as `path` treats one. Empty unless set.
constexpr Parameter path_list(const char* name, const char* help) {
  Parameter declared = text(name, "", help);
  declared.type = ParameterType::path_list;
  return declared;
}

/// Several texts. `fallback` holds its elements, separated by '|'; "" is an empty list.
constexpr Parameter text_list(const char* name, const char* fallback, const char* help) {
  Parameter declared = text(name, fallback, help);
  declared.type = ParameterType::text_list;
  return declared;
}

/// The same parameter without its default: leaving it out of the experiment file is an error.
constexpr Parameter required(Parameter declared) {
  declared.required = true;
  return declared;
}

/// The same number, which a [search] without ranges of its own searches over `range`.
constexpr Parameter searched(Parameter declared, SearchRange range) {
  declared.search = range;
  return declared;
}

}  // namespace parameter

/// A value as the plugin receives it; ParameterType says which alternative belongs to which type.
using ParameterValue = std::variant<bool, std::int64_t, double, std::string, std::vector<std::string>>;

/// The values of one table, each checked against its declaration and defaulted. Immutable; safe to read from any
/// thread.
class Parameters {
 public:
  using Values = std::map<std::string, ParameterValue, std::less<>>;  ///< by name

  Parameters() = default;  ///< of a plugin without parameters

  /// Of values that are valid already: nothing is checked here.
  explicit Parameters(Values values) : values_(std::move(values)) {}

  /// @name Values of one type
  /// Each throws std::logic_error when `name` was not declared, or was declared with another type: that is a mistake in
  /// the plugin, and the message says which name. References live as long as this object.
  /// @{
  bool boolean(std::string_view name) const;                          ///< boolean
  std::int64_t integer(std::string_view name) const;                  ///< integer
  double real(std::string_view name) const;                           ///< real
  const std::string& text(std::string_view name) const;               ///< text, choice and path
  const std::vector<std::string>& list(std::string_view name) const;  ///< path_list and text_list
  /// @}

  /// All of them, for those who copy or print them.
  const Values& values() const { return values_; }

 private:
  Values values_;
};

}  // namespace trefoil
