// Parameters of data layouts.
#pragma once

#include <map>
#include <string>

#include "trefoil/parameters.h"

namespace tests {

using LayoutValues = std::map<std::string, trefoil::ParameterValue>;

// Returns the parameters of a layout: these values, and the defaults of all others. Throws std::out_of_range when the
// layout has no such parameter.
trefoil::Parameters layout_parameters(const std::string& layout, const LayoutValues& values);

}  // namespace tests
