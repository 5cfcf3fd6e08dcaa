// Conformance: tests on small problems whether a plugin follows the header of its kind.
#pragma once

#include <vector>

#include "conformance/rules.h"
#include "runtime/plugin_choice.h"

namespace trefoil::conformance {

// Tests the plugin with these parameters, and with other values of single parameters. Returns the result of each rule.
// A crash of the plugin ends the process. Takes seconds.
std::vector<RuleResult> check_plugin(const runtime::PluginChoice& plugin);

}  // namespace trefoil::conformance
