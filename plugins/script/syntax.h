// Syntax that LibTorch's parser accepts, although its compiler cannot take it.
#pragma once

#include <torch/csrc/jit/frontend/tree_views.h>

namespace script {

// Throws trefoil::ParameterError for brackets with nothing in them, as in x[], of which LibTorch's compiler would read
// the first index.
void require_complete(const torch::jit::Def& definition);

}  // namespace script
