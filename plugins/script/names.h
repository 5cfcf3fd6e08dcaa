// The names that a script may use without defining them: `torch` and `math`.
#pragma once

#include <torch/csrc/jit/frontend/resolver.h>

namespace script {

// `torch` has the operators and the number types, such as torch.float64. `math` has the functions of numbers, and pi,
// e, inf and nan. LibTorch's own resolver knows only the operators; the rest belongs to its Python part.
torch::jit::ResolverPtr names();

}  // namespace script
