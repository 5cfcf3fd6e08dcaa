#include "runtime/declared_parameters.h"

#include <set>

#include "runtime/plugin_kinds.h"

namespace trefoil::runtime {

namespace {

bool is_empty(const char* text) { return text == nullptr || *text == '\0'; }

// Returns what is wrong with one parameter, or "".
std::string problem_of(const Parameter& declared) {
  const auto type = static_cast<std::int32_t>(declared.type);
  const bool has_type = type >= 0 && type <= static_cast<std::int32_t>(ParameterType::text_list);
  if (!has_type || (declared.type == ParameterType::choice && is_empty(declared.choices))) {
    return std::string("its parameter '") + declared.name + "' has an unknown type, or is a choice without choices";
  }
  const double number =
      declared.type == ParameterType::integer ? static_cast<double>(declared.integer_default) : declared.real_default;
  const bool is_number = declared.type == ParameterType::integer || declared.type == ParameterType::real;
  const bool is_within = number >= declared.bounds.minimum && number <= declared.bounds.maximum;
  if (is_number && !declared.required && !is_within) {
    return std::string("the default of its parameter '") + declared.name + "' is outside the bounds of the parameter";
  }
  return "";
}

}  // namespace

std::vector<Parameter> constant_parameters(const PluginDescriptor& descriptor) {
  return {descriptor.parameters, descriptor.parameters + descriptor.parameter_count};
}

std::optional<std::string> parameter_refusal(PluginKind kind, const std::vector<Parameter>& declared) {
  std::set<std::string> names = {"plugin"};
  const KindTraits& traits = traits_of(kind);
  for (std::size_t i = 0; i < traits.host_parameter_count; ++i) names.insert(traits.host_parameters[i].name);
  for (std::size_t i = 0; i < declared.size(); ++i) {
    const Parameter& parameter = declared[i];
    if (is_empty(parameter.name) || parameter.help == nullptr || parameter.text_default == nullptr) {
      return "parameter " + std::to_string(i + 1) + " of its descriptor has no name, no help or no default text";
    }
    if (std::string problem = problem_of(parameter); !problem.empty()) return problem;
    const bool is_new = names.insert(parameter.name).second;
    if (!is_new || (parameter.program && !names.insert(kProgramFileKey).second)) {
      return std::string("its parameter '") + parameter.name +
             "' is declared twice, or has the name of a key that belongs to Trefoil; rename it";
    }
  }
  return std::nullopt;
}

}  // namespace trefoil::runtime
