#include <cmath>

#include "config/settings.h"
#include "conformance/kinds.h"

namespace trefoil::conformance {

namespace {

using Values = std::vector<std::pair<std::string, ParameterValue>>;

ParameterValue number(const Parameter& declared, double value) {
  if (declared.type == ParameterType::integer) return static_cast<std::int64_t>(value);
  return value;
}

void add_numbers(const Parameter& declared, Values& values) {
  if (std::isfinite(declared.bounds.minimum))
    values.emplace_back(declared.name, number(declared, declared.bounds.minimum));
  if (declared.search.count == 0) return;
  for (const double end : {declared.search.from, declared.search.to})
    values.emplace_back(declared.name, number(declared, end));
}

}  // namespace

Values values_to_try(const std::vector<Parameter>& parameters) {
  Values values;
  for (const Parameter& declared : parameters) {
    switch (declared.type) {
      case ParameterType::boolean:
        for (const bool value : {false, true}) values.emplace_back(declared.name, value);
        break;
      case ParameterType::choice:
        for (const std::string& value : config::choices_of(declared)) values.emplace_back(declared.name, value);
        break;
      case ParameterType::integer:
      case ParameterType::real:
        add_numbers(declared, values);
        break;
      default:
        break;  // useful values of texts and paths are not known
    }
  }
  return values;
}

std::string value_text(const ParameterValue& value) { return config::toml_text(config::file_value(value, {})); }

}  // namespace trefoil::conformance
