// Loading one shared library: every check that stands between a file and the first call into it.
#pragma once

#include <filesystem>
#include <variant>

#include "runtime/registry.h"

namespace trefoil::runtime {

// The library stays loaded until the process ends, even when it is refused after loading.
std::variant<LoadedPlugin, Refusal> load_library(const std::filesystem::path& file);

}  // namespace trefoil::runtime
