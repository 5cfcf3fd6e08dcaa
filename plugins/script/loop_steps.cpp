#include "loop_steps.h"

#include <torch/csrc/jit/runtime/custom_operator.h>

#include <string>

namespace script {

namespace {

thread_local LoopWatch* watch_of_thread = nullptr;

void step(torch::jit::Stack& /*stack*/) {
  if (watch_of_thread != nullptr) watch_of_thread->step();
}

// Registers the operator and returns its name. Several libraries have a copy of this code, each with its own watches,
// so the name has an address in this copy.
const std::string& step_operator() {
  static const std::string kName = [] {
    static const char here = 0;
    std::string name = "trefoil_script::step_" + std::to_string(reinterpret_cast<std::uintptr_t>(&here));
    // CONSERVATIVE: the operator has an effect, so it must not be removed although nothing uses its result.
    torch::jit::registerOperator(torch::jit::Operator(name + "() -> ()", step, c10::AliasAnalysisKind::CONSERVATIVE));
    return name;
  }();
  return kName;
}

void add_to(torch::jit::Block& block, torch::jit::Graph& graph) {
  for (torch::jit::Node* node : block.nodes()) {
    for (torch::jit::Block* inner : node->blocks()) {
      add_to(*inner, graph);
      if (node->kind() != torch::jit::prim::Loop) continue;
      const torch::jit::WithInsertPoint at_end(inner);
      graph.insertNode(graph.create(c10::Symbol::fromQualString(step_operator()), /*num_outputs=*/0));
    }
  }
}

}  // namespace

void add_loop_steps(torch::jit::Graph& graph) { add_to(*graph.block(), graph); }

LoopWatch::LoopWatch(trefoil::Host& host) : host_(host), outer_(watch_of_thread) { watch_of_thread = this; }

LoopWatch::~LoopWatch() { watch_of_thread = outer_; }

void LoopWatch::step() {
  constexpr std::uint64_t kStepsPerReport = 64;
  if (++steps_ % kStepsPerReport != 0) return;
  try {
    host_.progress(0, 1);  // the number of steps is not known
  } catch (...) {
    interruption_ = std::current_exception();
    throw;
  }
}

void LoopWatch::rethrow_interruption() const {
  if (interruption_) std::rethrow_exception(interruption_);
}

}  // namespace script
