#include "signature.h"

#include <algorithm>
#include <cctype>

#include "place.h"

namespace script {

namespace {

std::string joined(const std::vector<std::string>& words, const std::string& last_separator) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? last_separator : ", ";
    text += words[i];
  }
  return text;
}

// "score(text: Tensor, images: Tensor, …)"
std::string form_of(const Function& function) {
  std::vector<std::string> arguments;
  for (const Given& given : function.given) arguments.push_back(given.name + ": " + given.type);
  return "def " + function.name + "(" + joined(arguments, ", ") + ")";
}

std::string forms_of(const std::vector<Function>& functions) {
  std::string text;
  for (const Function& function : functions) text += (text.empty() ? "" : ", or ") + form_of(function);
  return text;
}

bool is_parameter_name(const std::string& name) {
  return std::all_of(name.begin(), name.end(), [](unsigned char letter) {
    return std::islower(letter) != 0 || std::isdigit(letter) != 0 || letter == '_';
  });
}

[[noreturn]] void refuse_tensor(const std::string& name, const Function& function, const Place& place) {
  std::vector<std::string> names;
  for (const Given& given : function.given) names.push_back(given.name);
  throw mistake(place, "Trefoil gives no tensor '" + name + "' to '" + function.name + "'",
                "it gives " + joined(names, " and ") + "; a parameter has a type and a default, such as " + name +
                    ": float = 0.5");
}

bool gives(const Function& function, const std::string& name) {
  return std::any_of(function.given.begin(), function.given.end(),
                     [&](const Given& given) { return given.name == name; });
}

bool is_constant(const torch::jit::TreeRef& expression) {
  const int kind = expression->kind();
  if (kind == torch::jit::TK_UNARY_MINUS) return expression->tree(0)->kind() == torch::jit::TK_CONST;
  return kind == torch::jit::TK_CONST || kind == torch::jit::TK_STRINGLITERAL || kind == torch::jit::TK_TRUE ||
         kind == torch::jit::TK_FALSE || kind == torch::jit::TK_NONE;
}

// A function may contain functions, so all of the tree is searched.
void require_constant_defaults_in(const torch::jit::TreeRef& tree) {
  if (tree->kind() == torch::jit::TK_PARAM) {
    const torch::jit::Param argument(tree);
    if (argument.defaultValue().present() && !is_constant(argument.defaultValue().get().tree())) {
      throw mistake(place_of(argument.defaultValue().range()),
                    "the default of '" + argument.ident().name() + "' is not a number, True, False or a text",
                    "write the value itself, and compute with it inside the function");
    }
  }
  for (const torch::jit::TreeRef& part : tree->trees()) require_constant_defaults_in(part);
}

class ArgumentReader {
 public:
  ArgumentReader(const Function& function, const c10::Argument& argument, const Place& place)
      : function_(function), argument_(argument), place_(place), type_(argument.type()->annotation_str()) {}

  // Whether the host gives the argument.
  bool is_given() const {
    const auto given = std::find_if(function_.given.begin(), function_.given.end(),
                                    [&](const Given& each) { return each.name == argument_.name(); });
    if (given == function_.given.end()) return false;
    if (given->type == type_) return true;
    throw mistake(place_, "'" + argument_.name() + "' is given by Trefoil as " + given->type + ", not as " + type_,
                  "write " + given->name + ": " + given->type + ", or choose another name for your parameter");
  }

  trefoil::Parameter parameter() const {
    const char* name = argument_.name().c_str();
    constexpr const char* kHelp = "argument of the script";
    if (!is_parameter_name(argument_.name())) {
      throw mistake(place_,
                    "the parameter '" + argument_.name() + "' has a name with other characters than a-z, 0-9 and _",
                    "rename the argument");
    }
    trefoil::Parameter declared;
    if (type_ == "float") {
      declared = trefoil::parameter::real(name, has_default() ? value().toDouble() : 0, {}, kHelp);
    } else if (type_ == "int") {
      declared = trefoil::parameter::integer(name, has_default() ? value().toInt() : 0, {}, kHelp);
    } else if (type_ == "bool") {
      declared = trefoil::parameter::boolean(name, has_default() && value().toBool(), kHelp);
    } else if (type_ == "str") {
      declared = trefoil::parameter::text(name, has_default() ? value().toStringRef().c_str() : "", kHelp);
    } else {
      refuse_type();
    }
    declared.required = !has_default();
    return declared;
  }

 private:
  bool has_default() const { return argument_.default_value().has_value(); }
  const c10::IValue& value() const { return *argument_.default_value(); }

  [[noreturn]] void refuse_type() const {
    if (type_ == "Tensor") refuse_tensor(argument_.name(), function_, place_);
    throw mistake(place_, "the parameter '" + argument_.name() + "' has the type " + type_,
                  "a parameter is a float, an int, a bool or a str");
  }

  const Function& function_;
  const c10::Argument& argument_;
  Place place_;
  std::string type_;
};

void require_result(const c10::FunctionSchema& schema, const Function& function, const torch::jit::Def& definition) {
  const std::string result = schema.returns().empty() ? "None" : schema.returns().front().type()->annotation_str();
  if (std::find(function.results.begin(), function.results.end(), result) != function.results.end()) return;
  throw mistake(place_of(definition.name().range()),
                "'" + function.name + "' returns " + result + ", not " + joined(function.results, " or "),
                "return " + joined(function.results, " or "));
}

}  // namespace

const Function& defined_function(const std::vector<Function>& functions, const std::vector<torch::jit::Def>& script) {
  const Function* found = nullptr;
  for (const torch::jit::Def& definition : script) {
    const auto function = std::find_if(functions.begin(), functions.end(),
                                       [&](const Function& each) { return each.name == definition.name().name(); });
    if (function == functions.end()) continue;
    if (found != nullptr) {
      throw mistake(place_of(definition.name().range()),
                    "the script defines '" + found->name + "' and '" + function->name + "'", "define one of them");
    }
    found = &*function;
  }
  if (found != nullptr) return *found;
  std::vector<std::string> names;
  names.reserve(functions.size());
  for (const Function& function : functions) names.push_back("'" + function.name + "'");
  throw mistake({1, 1}, "the script does not define the function " + joined(names, " or "),
                "write " + forms_of(functions) + ", with the arguments that you need, then your parameters");
}

void require_constant_defaults(const torch::jit::Def& definition) { require_constant_defaults_in(definition.tree()); }

void require_arguments(const torch::jit::Def& definition, const Function& function) {
  bool has_default = false;  // of an argument before
  for (const torch::jit::Param& argument : definition.decl().params()) {
    const std::string name = argument.ident().name();
    if (has_default && !argument.defaultValue().present() && !argument.kwarg_only()) {
      throw mistake(place_of(argument.ident().range()),
                    "the argument '" + name + "' has no default, and follows one that has",
                    "write arguments without a default first");
    }
    has_default = has_default || argument.defaultValue().present();
    if (!argument.type().present() && !gives(function, name)) {
      refuse_tensor(name, function, place_of(argument.ident().range()));
    }
  }
}

trefoil::ParameterList parameters_of(const c10::FunctionSchema& schema, const Function& function,
                                     const torch::jit::Def& definition) {
  trefoil::ParameterList parameters;
  const auto arguments = definition.decl().params();
  for (std::size_t i = 0; i < schema.arguments().size(); ++i) {
    const Place place = i < arguments.size() ? place_of(arguments[i].ident().range()) : Place{};
    const ArgumentReader argument(function, schema.arguments()[i], place);
    if (!argument.is_given()) parameters.add(argument.parameter());
  }
  require_result(schema, function, definition);
  return parameters;
}

}  // namespace script
