// Signature: what a script must define, what the host gives to it, and which of its arguments are parameters.
#pragma once

#include <ATen/core/function_schema.h>
#include <torch/csrc/jit/frontend/tree_views.h>
#include <trefoil/parameters.h>

#include <vector>

#include "program.h"

namespace script {

// Throws trefoil::ParameterError for a default that is not a number, True, False, None or a text, in any function of
// the script. TorchScript computes defaults when it compiles, before the operators in them could be checked.
void require_constant_defaults(const torch::jit::Def& definition);

// Throws trefoil::ParameterError for an argument without a type that the host does not give, which TorchScript would
// take for a tensor, and for an argument without a default after one that has a default.
void require_arguments(const torch::jit::Def& definition, const Function& function);

// Returns the one of these functions that the script defines. Throws trefoil::ParameterError if it defines
// none or several of them.
const Function& defined_function(const std::vector<Function>& functions, const std::vector<torch::jit::Def>& script);

// Returns the arguments that the host does not give, as parameters with their defaults. Throws trefoil::ParameterError
// for an argument that is no parameter, and for another type of result.
trefoil::ParameterList parameters_of(const c10::FunctionSchema& schema, const Function& function,
                                     const torch::jit::Def& definition);

}  // namespace script
