// Limits on the size of a script. LibTorch's parser and compiler are recursive, so that a long expression, or many
// blocks inside each other, would overflow the stack.
#pragma once

#include <torch/csrc/jit/frontend/source_range.h>

#include <memory>

namespace script {

// Throws trefoil::ParameterError at the first statement that is too long, and for a script that is too long.
void require_small(const std::shared_ptr<torch::jit::Source>& source);

}  // namespace script
