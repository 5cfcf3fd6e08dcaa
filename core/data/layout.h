// Layouts: the ways in which data is stored on disk. `data.layout` chooses one. A new layout needs its own file, and an
// entry in layouts.h and layout.cpp.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "data/dataset.h"
#include "data/task.h"
#include "trefoil/parameters.h"

namespace trefoil::data {

// A layout of features has `load`, which reads them. A layout of images has `list`, which finds the image files. The
// other function is null. Both get the seed of the experiment, and throw DataError, or Error when parameters contradict
// each other.
struct Layout {
  std::string name;
  std::vector<Parameter> parameters;
  Task (*load)(const Parameters& parameters, std::uint64_t seed) = nullptr;
  Dataset (*list)(const Parameters& parameters, std::uint64_t seed) = nullptr;

  bool holds_images() const { return list != nullptr; }
};

const Layout* find_layout(std::string_view name);  // nullptr when there is no such layout
std::vector<std::string> layout_names();

}  // namespace trefoil::data
