// Layouts: the ways in which data is stored, chosen by `data.layout`. A new one is a row in layout.cpp and a file.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "data/task.h"
#include "trefoil/parameters.h"

namespace trefoil::data {

struct Layout {
  std::string name;
  std::vector<Parameter> parameters;
  Task (*load)(const Parameters& parameters);  // throws DataError, or Error when keys contradict each other
};

const Layout* find_layout(std::string_view name);  // nullptr when there is none
std::vector<std::string> layout_names();

}  // namespace trefoil::data
