// The operators that a script may use: arithmetic with tensors and numbers, shapes, lists, and control flow. No
// operator that reads or writes files, prints, changes settings of LibTorch, draws random numbers or shows
// uninitialised memory is among them.
#pragma once

#include <torch/csrc/jit/ir/ir.h>

#include <string>
#include <vector>

namespace script {

// Throws trefoil::ParameterError, with the place, for the first operator that is not allowed. Calls of other functions
// must be inlined before.
void require_allowed(const torch::jit::Graph& graph);

// Returns the names of the allowed operators, sorted, for example "aten::add".
const std::vector<std::string>& allowed_operators();

}  // namespace script
