#include "program.h"

#include <c10/util/Exception.h>
#include <torch/csrc/jit/api/compilation_unit.h>
#include <torch/csrc/jit/api/function_impl.h>
#include <torch/csrc/jit/frontend/parser.h>
#include <torch/csrc/jit/ir/alias_analysis.h>
#include <torch/csrc/jit/passes/inliner.h>
#include <torch/csrc/jit/runtime/interpreter.h>

#include <algorithm>
#include <exception>
#include <mutex>
#include <optional>
#include <type_traits>

#include "limits.h"
#include "loop_steps.h"
#include "mistake.h"
#include "names.h"
#include "operators.h"
#include "signature.h"
#include "syntax.h"

namespace script {

namespace {

using torch::jit::Def;

std::string message_of(const std::exception& error) {
  const auto* of_torch = dynamic_cast<const c10::Error*>(&error);
  return of_torch != nullptr ? of_torch->what_without_backtrace() : error.what();
}

std::vector<Def> parse(const std::string& source) {
  const auto named = std::make_shared<torch::jit::Source>(source, kSourceName, 1);
  require_small(named);
  std::vector<Def> definitions;
  torch::jit::Parser parser(named);
  while (parser.lexer().cur().kind != torch::jit::TK_EOF) {
    definitions.emplace_back(parser.parseFunction(/*is_method=*/false));
  }
  return definitions;
}

std::shared_ptr<torch::jit::CompilationUnit> compile(const std::vector<Def>& definitions) {
  auto unit = std::make_shared<torch::jit::CompilationUnit>();
  const std::vector<torch::jit::ResolverPtr> resolvers(definitions.size(), names());
  unit->define({}, {}, {}, definitions, resolvers, nullptr);
  return unit;
}

// Calls a function of LibTorch that throws for a mistake in the script.
template <typename Step>
auto finding_mistakes(Step step) {
  try {
    return step();
  } catch (const trefoil::ParameterError&) {
    throw;
  } catch (const std::exception& error) {
    throw compile_mistake(message_of(error));
  }
}

c10::IValue ivalue_of(const trefoil::ParameterValue& value) {
  return std::visit(
      [](const auto& typed) {
        if constexpr (std::is_same_v<std::decay_t<decltype(typed)>, std::vector<std::string>>) {
          return c10::IValue();  // no script has such a parameter
        } else {
          return c10::IValue(typed);
        }
      },
      value);
}

class CompiledProgram final : public Program {
 public:
  CompiledProgram(const std::string& source, const std::vector<Function>& functions) {
    const std::vector<Def> definitions = finding_mistakes([&] { return parse(source); });
    for (const Def& definition : definitions) {
      require_complete(definition);
      require_constant_defaults(definition);
    }
    const Function& wanted = defined_function(functions, definitions);
    const auto definition = std::find_if(definitions.begin(), definitions.end(),
                                         [&](const Def& each) { return each.name().name() == wanted.name; });
    require_arguments(*definition, wanted);
    unit_ = finding_mistakes([&] { return compile(definitions); });
    torch::jit::Function& compiled = unit_->get_function(c10::QualifiedName(wanted.name));
    schema_ = compiled.getSchema();
    function_ = wanted.name;
    parameters_ = parameters_of(schema_, wanted, *definition);
    prepare(torch::jit::toGraphFunction(compiled).graph()->copy());
  }

  const std::string& function() const override { return function_; }
  const trefoil::ParameterList& parameters() const override { return parameters_; }

  bool takes(const std::string& argument) const override {
    return std::any_of(schema_.arguments().begin(), schema_.arguments().end(),
                       [&](const c10::Argument& each) { return each.name() == argument; });
  }

  std::size_t result_count() const override {
    const auto tuple = schema_.returns().front().type()->cast<c10::TupleType>();
    return tuple ? tuple->elements().size() : 1;
  }

  std::vector<torch::Tensor> call(const Values& given, const trefoil::Parameters& parameters,
                                  trefoil::Host* host) const override {
    torch::jit::Stack stack;
    for (const c10::Argument& argument : schema_.arguments()) {
      const auto value = given.find(argument.name());
      stack.push_back(value == given.end() ? ivalue_of(parameters.values().at(argument.name())) : own(value->second));
    }
    run(stack, host);
    const c10::IValue result = stack.back();
    if (result.isTensor()) return {result.toTensor()};
    std::vector<torch::Tensor> tensors;
    for (const c10::IValue& element : result.toTupleRef().elements()) tensors.push_back(element.toTensor());
    return tensors;
  }

 private:
  // The graph is run as it is, by the interpreter alone. TorchScript's executors would measure the first calls and then
  // fuse operators, which changes rounding from call to call.
  void prepare(const std::shared_ptr<torch::jit::Graph>& graph) {
    torch::jit::Inline(*graph);
    require_allowed(*graph);
    const torch::jit::AliasDb aliases(graph);
    writes_to_inputs_ = std::any_of(graph->inputs().begin(), graph->inputs().end(),
                                    [&](const torch::jit::Value* input) { return aliases.hasWriters(input); });
    add_loop_steps(*graph);
    code_ = torch::jit::Code(graph, function_);
  }

  c10::IValue own(const c10::IValue& value) const {
    return writes_to_inputs_ && value.isTensor() ? c10::IValue(value.toTensor().clone()) : value;
  }

  void run(torch::jit::Stack& stack, trefoil::Host* host) const {
    std::optional<LoopWatch> watch;
    if (host != nullptr) watch.emplace(*host);
    try {
      torch::jit::InterpreterState(code_).run(stack);
    } catch (const std::exception& error) {
      if (watch) watch->rethrow_interruption();
      throw run_mistake(message_of(error));
    }
  }

  std::shared_ptr<torch::jit::CompilationUnit> unit_;
  c10::FunctionSchema schema_{"", "", {}, {}};
  std::string function_;
  trefoil::ParameterList parameters_;
  bool writes_to_inputs_ = false;
  torch::jit::Code code_;
};

}  // namespace

std::shared_ptr<const Program> Program::of(const std::string& source, const std::vector<Function>& functions) {
  using Programs = std::map<std::string, std::shared_ptr<const Program>>;
  static std::mutex mutex;
  // Never destroyed, on purpose: LibTorch may have been destroyed before at the end of the process.
  static Programs& programs = *std::make_unique<Programs>().release();
  const std::lock_guard lock(mutex);
  const auto known = programs.find(source);
  if (known != programs.end()) return known->second;
  return programs.emplace(source, std::make_shared<CompiledProgram>(source, functions)).first->second;
}

}  // namespace script
