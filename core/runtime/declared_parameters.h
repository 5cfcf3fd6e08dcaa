// The parameters that a plugin declares: in its descriptor, and by PluginDescriptor::declare.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "trefoil/descriptor.h"

namespace trefoil::runtime {

// The key that names a file with a program, instead of the text of the program (trefoil::parameter::program).
constexpr const char* kProgramFileKey = "file";

// Returns the parameters in the descriptor.
std::vector<Parameter> constant_parameters(const PluginDescriptor& descriptor);

// Returns the reason to refuse these parameters of a plugin, or nothing.
std::optional<std::string> parameter_refusal(PluginKind kind, const std::vector<Parameter>& declared);

}  // namespace trefoil::runtime
