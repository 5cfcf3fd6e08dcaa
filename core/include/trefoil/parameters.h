/// @file
/// Parameters: how a plugin declares the keys of its table in the experiment file, and how it reads their values.
///
/// A plugin declares its parameters in one constant array. The host uses the array to check the experiment file
/// (unknown key, wrong type, out of range), to fill in defaults, and to print `runner plugins KIND/NAME`. The plugin
/// receives typed values that are already checked. It never sees TOML.
///
/// @code
/// constexpr trefoil::Parameter kParameters[] = {
///     trefoil::parameter::real("beta", 5.5, {0, 1000}, "sharpness of the affinity"),
///     trefoil::parameter::choice("population", "joint|text|image", "whose features are compared"),
/// };
/// @endcode
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace trefoil {

/// The type of a parameter. Each function of `trefoil::parameter` declares a parameter of one type.
enum class ParameterType : std::int32_t {
  boolean,    ///< bool
  integer,    ///< std::int64_t, within the bounds
  real,       ///< double, finite and within the bounds
  text,       ///< std::string
  choice,     ///< std::string, one of the choices
  path,       ///< std::string, an absolute path; "" only if that is the default
  path_list,  ///< std::vector<std::string>, absolute paths
  text_list   ///< std::vector<std::string>
};

/// Inclusive bounds of a numeric parameter.
struct Bounds {
  double minimum = -std::numeric_limits<double>::infinity();  ///< smallest allowed value; −∞: no bound
  double maximum = std::numeric_limits<double>::infinity();   ///< largest allowed value; ∞: no bound
};

/// The values that [search] tries unless the experiment file lists values: `count` values from `from` to `to`, both
/// included, evenly spaced on a linear or logarithmic scale. With a count of 0, the parameter is searched only if the
/// experiment file lists values.
struct SearchRange {
  double from = 0;           ///< first value; above 0 if `logarithmic`, and within the bounds
  double to = 0;             ///< last value; above 0 if `logarithmic`, and within the bounds
  std::int32_t count = 0;    ///< number of values; integers are rounded, and equal ones tried once
  bool logarithmic = false;  ///< whether the scale is logarithmic
  bool alone = false;        ///< whether they are tried only with the file's values of the plugin's other parameters,
                             ///< and not in all combinations
};

/// A declared parameter. It is constant data, because the host reads it before it runs any plugin code. Create it with
/// the functions of `trefoil::parameter`.
struct Parameter {
  /// The key in the plugin's table: lower-case letters, digits and underscores, unique in the plugin. The host refuses
  /// a plugin that uses a reserved key: `plugin`, and `q` for a selector.
  const char* name = "";
  ParameterType type = ParameterType::text;  ///< type of the value; decides which fields below are used
  const char* help = "";                     ///< one line, lower case, without a full stop
  bool required = false;                     ///< whether the experiment file must set it
  bool boolean_default = false;              ///< default of a boolean
  std::int64_t integer_default = 0;          ///< default of an integer
  double real_default = 0;                   ///< default of a real
  const char* text_default = "";             ///< default of a text, path or text_list (elements separated by '|')
  Bounds bounds;                             ///< bounds of an integer or real
  const char* choices = "";                  ///< words of a choice, "first|second|third"; the first is the default
  SearchRange search;                        ///< search range of an integer or real
  bool program = false;                      ///< whether a text is the source of a program
};

/// Functions that return a declared parameter. Their strings must have static storage, such as string literals.
namespace parameter {

/// @cond
namespace detail {
constexpr void require_within(double fallback, Bounds bounds) {
  if (!(fallback >= bounds.minimum && fallback <= bounds.maximum))
    throw std::logic_error("the default of a parameter is outside its bounds");
}
}  // namespace detail
/// @endcond

/// Declares a finite real number with the default `fallback`. The experiment file may also give an integer. A default
/// outside the bounds is a compile error in constexpr data, and throws std::logic_error elsewhere.
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

/// Declares an integer with the default `fallback`. A default outside the bounds is a compile error in constexpr data,
/// and throws std::logic_error elsewhere.
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

/// Declares a boolean with the default `fallback`.
constexpr Parameter boolean(const char* name, bool fallback, const char* help) {
  Parameter declared;
  declared.name = name;
  declared.type = ParameterType::boolean;
  declared.help = help;
  declared.boolean_default = fallback;
  return declared;
}

/// Declares a text with the default `fallback`. Any text is allowed.
constexpr Parameter text(const char* name, const char* fallback, const char* help) {
  Parameter declared;
  declared.name = name;
  declared.type = ParameterType::text;
  declared.help = help;
  declared.text_default = fallback;
  return declared;
}

/// Declares a required text that is the source of a program, which the plugin runs. The experiment file gives the text
/// in the key `name`, or names a file with the text in the key `file`. A saved model with such a text is used only with
/// `--allow-code`. A plugin may have one such parameter, and none with the name `file` beside it.
constexpr Parameter program(const char* name, const char* help) {
  Parameter declared = text(name, "", help);
  declared.required = true;
  declared.program = true;
  return declared;
}

/// Declares a choice between fixed words. `choices` holds the words, separated by '|'. The first is the default.
constexpr Parameter choice(const char* name, const char* choices, const char* help) {
  Parameter declared;
  declared.name = name;
  declared.type = ParameterType::choice;
  declared.help = help;
  declared.choices = choices;
  return declared;
}

/// Declares a file or folder with the default `fallback`. The plugin receives an absolute path, or "" if that is the
/// default. A relative path is relative to the folder of the file that sets it; if `--set` sets it, to the working
/// directory; if it is the default, to the folder of the experiment file.
constexpr Parameter path(const char* name, const char* fallback, const char* help) {
  Parameter declared = text(name, fallback, help);
  declared.type = ParameterType::path;
  return declared;
}

/// Declares a list of files or folders, with an empty default. Relative paths are resolved as in `path`.
constexpr Parameter path_list(const char* name, const char* help) {
  Parameter declared = text(name, "", help);
  declared.type = ParameterType::path_list;
  return declared;
}

/// Declares a list of texts. `fallback` holds the default elements, separated by '|'; "" is an empty list.
constexpr Parameter text_list(const char* name, const char* fallback, const char* help) {
  Parameter declared = text(name, fallback, help);
  declared.type = ParameterType::text_list;
  return declared;
}

/// Returns the parameter without its default. The experiment file must then set it.
constexpr Parameter required(Parameter declared) {
  declared.required = true;
  return declared;
}

/// Returns the integer or real parameter with a search range. [search] uses the range unless the experiment file lists
/// values.
constexpr Parameter searched(Parameter declared, SearchRange range) {
  declared.search = range;
  return declared;
}

}  // namespace parameter

/// Parameters that a plugin declares while it runs. The list owns their strings. Copies of a list share the strings.
class ParameterList {
 public:
  /// Appends a copy of the parameter and of its strings. The order in which parameters are shown is the order of calls.
  void add(const Parameter& declared);

  /// Returns the parameters. They are valid as long as this list or a copy of it.
  const std::vector<Parameter>& all() const& { return all_; }
  const std::vector<Parameter>& all() const&& = delete;  ///< the list would end before its parameters

 private:
  std::vector<Parameter> all_;
  std::shared_ptr<std::deque<std::string>> strings_ = std::make_shared<std::deque<std::string>>();
};

/// A mistake at a place inside the value of a parameter, such as an error in a program. The host states the place in
/// the experiment file. Line and column count from 1; 0 means that the place is not known.
class ParameterError : public std::runtime_error {
 public:
  /// `message` says what is wrong, `cure` what to do.
  ParameterError(std::string parameter, std::int64_t line, std::int64_t column, const std::string& message,
                 std::string cure);
  ParameterError(const ParameterError&) = default;  ///< copyable, as every exception
  ~ParameterError() override;                       ///< defined in the core, so that all libraries share one type

  const std::string& parameter() const { return parameter_; }  ///< name of the parameter
  std::int64_t line() const { return line_; }                  ///< line in the value, from 1, or 0
  std::int64_t column() const { return column_; }              ///< column in the line, in bytes from 1, or 0
  const std::string& cure() const { return cure_; }            ///< what the user can do

 private:
  std::string parameter_;
  std::int64_t line_;
  std::int64_t column_;
  std::string cure_;
};

/// The value of a parameter. ParameterType states the alternative for each type.
using ParameterValue = std::variant<bool, std::int64_t, double, std::string, std::vector<std::string>>;

/// The values of all parameters of a plugin: checked, and with defaults filled in. Immutable, so several threads may
/// read it.
class Parameters {
 public:
  using Values = std::map<std::string, ParameterValue, std::less<>>;  ///< values by parameter name

  Parameters() = default;  ///< makes the values of a plugin without parameters

  /// Takes values that are already valid. Nothing is checked here.
  explicit Parameters(Values values) : values_(std::move(values)) {}

  /// @name Values of one type
  /// Each returns the value of the parameter `name`. Throws std::logic_error, which states the name, if the plugin has
  /// not declared it or has declared it with another type. References are valid as long as this object.
  /// @{
  bool boolean(std::string_view name) const;                          ///< value of a boolean
  std::int64_t integer(std::string_view name) const;                  ///< value of an integer
  double real(std::string_view name) const;                           ///< value of a real
  const std::string& text(std::string_view name) const;               ///< value of a text, choice or path
  const std::vector<std::string>& list(std::string_view name) const;  ///< value of a path_list or text_list
  /// @}

  /// Returns all values, by name.
  const Values& values() const { return values_; }

 private:
  Values values_;
};

}  // namespace trefoil
