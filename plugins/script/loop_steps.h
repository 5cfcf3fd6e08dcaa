// Loop steps: the end of a script's loop can be forced from outside. TorchScript's interpreter never returns to its
// caller before the script ends, so an endless loop could not be interrupted.
#pragma once

#include <torch/csrc/jit/ir/ir.h>
#include <trefoil/plugin.h>

#include <cstdint>
#include <exception>

namespace script {

// Adds to every loop an operator that calls the LoopWatch of the thread, once in each repetition.
void add_loop_steps(torch::jit::Graph& graph);

// While it exists, the loops of scripts on this thread report progress to the host. The host throws when the user has
// interrupted the run. The interpreter replaces exceptions by its own, so this one is kept.
class LoopWatch {
 public:
  explicit LoopWatch(trefoil::Host& host);
  LoopWatch(const LoopWatch&) = delete;
  LoopWatch& operator=(const LoopWatch&) = delete;
  ~LoopWatch();

  void step();
  void rethrow_interruption() const;  // does nothing if there was none

 private:
  trefoil::Host& host_;
  LoopWatch* outer_;
  std::uint64_t steps_ = 0;
  std::exception_ptr interruption_;
};

}  // namespace script
