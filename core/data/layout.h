// Layouts: the ways in which data is stored, chosen by `data.layout`. A new one is a row in layout.cpp and a file.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "data/dataset.h"
#include "data/task.h"
#include "trefoil/parameters.h"

namespace trefoil::data {

// Holds features, which `load` reads, or images, which `list` finds; the other one is null. Both throw DataError, or
// Error when keys contradict each other.
struct Layout {
  std::string name;
  std::vector<Parameter> parameters;
  Task (*load)(const Parameters& parameters) = nullptr;
  Dataset (*list)(const Parameters& parameters) = nullptr;

  bool holds_images() const { return list != nullptr; }
};

const Layout* find_layout(std::string_view name);  // nullptr when there is none
std::vector<std::string> layout_names();

}  // namespace trefoil::data
