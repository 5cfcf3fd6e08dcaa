#include "trefoil/parameters.h"

#include <stdexcept>

namespace trefoil {

namespace {

template <typename Type>
const Type& value_of(const Parameters::Values& values, std::string_view name, const char* type_name) {
  const auto found = values.find(name);
  if (found == values.end()) {
    throw std::logic_error("the parameter '" + std::string(name) + "' is used but not declared");
  }
  const auto* value = std::get_if<Type>(&found->second);
  if (value == nullptr) {
    throw std::logic_error("the parameter '" + std::string(name) + "' is not declared as " + type_name);
  }
  return *value;
}

}  // namespace

void ParameterList::add(const Parameter& declared) {
  Parameter copy = declared;
  for (const char** text : {&copy.name, &copy.help, &copy.text_default, &copy.choices}) {
    *text = strings_->emplace_back(*text).c_str();
  }
  all_.push_back(copy);
}

ParameterError::ParameterError(std::string parameter, std::int64_t line, std::int64_t column,
                               const std::string& message, std::string cure)
    : std::runtime_error(message),
      parameter_(std::move(parameter)),
      line_(line),
      column_(column),
      cure_(std::move(cure)) {}

ParameterError::~ParameterError() = default;

bool Parameters::boolean(std::string_view name) const { return value_of<bool>(values_, name, "boolean"); }

std::int64_t Parameters::integer(std::string_view name) const {
  return value_of<std::int64_t>(values_, name, "integer");
}

double Parameters::real(std::string_view name) const { return value_of<double>(values_, name, "real"); }

const std::string& Parameters::text(std::string_view name) const {
  return value_of<std::string>(values_, name, "text, choice or path");
}

const std::vector<std::string>& Parameters::list(std::string_view name) const {
  return value_of<std::vector<std::string>>(values_, name, "path_list or text_list");
}

}  // namespace trefoil
