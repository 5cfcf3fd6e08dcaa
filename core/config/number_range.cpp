#include "config/number_range.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace trefoil::config {

double nine_digits(double value) {
  const std::string text = fmt::format("{:.9g}", value);
  double rounded = 0;
  std::from_chars(text.data(), text.data() + text.size(), rounded);  // std::stod depends on the locale
  return rounded;
}

const std::vector<Parameter>& range_parameters() {
  static const std::vector<Parameter> parameters = {
      parameter::required(parameter::real("from", 0, {}, "the first value")),
      parameter::required(parameter::real("to", 0, {}, "the last value")),
      parameter::integer("count", 0, {0, 1e4}, "number of values"),
      parameter::choice("scale", "linear|log", "whether the values or their logarithms are evenly spaced"),
      parameter::boolean("endpoint", true,
                         "whether `to` is the last value; if not, it is the value after the last one"),
  };
  return parameters;
}

std::vector<double> spaced(const Parameters& range) {
  const auto count = range.integer("count");
  const double from = range.real("from");
  const double to = range.real("to");
  const bool logarithmic = range.text("scale") == "log";
  const auto steps = static_cast<double>(range.boolean("endpoint") ? std::max<std::int64_t>(1, count - 1) : count);
  std::vector<double> values;
  for (std::int64_t i = 0; i < count; ++i) {
    const auto step = static_cast<double>(i);
    values.push_back(logarithmic ? nine_digits(from * std::pow(to / from, step / steps))
                                 : from + step * (to - from) / steps);
  }
  if (range.boolean("endpoint") && count > 1) values.back() = to;
  return values;
}

std::string range_problem(const Parameters& range) {
  if (range.text("scale") == "log" && (range.real("from") <= 0 || range.real("to") <= 0))
    return "cannot be logarithmic: `from` and `to` must be above 0";
  return range.integer("count") < 1 ? "needs 'count', the number of values" : "";
}

}  // namespace trefoil::config
