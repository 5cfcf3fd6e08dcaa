// Conformance: whether a plugin keeps what the header of its kind promises, tried out on small problems.
#pragma once

#include <vector>

#include "conformance/rules.h"
#include "runtime/registry.h"
#include "trefoil/parameters.h"

namespace trefoil::conformance {

// Tries the plugin with these parameters, and with others one at a time. What it throws breaks a rule; what crashes,
// crashes. Takes seconds.
std::vector<RuleResult> check_plugin(const runtime::LoadedPlugin& plugin, const Parameters& parameters);

}  // namespace trefoil::conformance
