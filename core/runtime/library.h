// Loads one shared library. Every check before the first call into the library is here.
#pragma once

#include <filesystem>
#include <variant>

#include "runtime/registry.h"

namespace trefoil::runtime {

// Returns the plugin, or the reason why it was refused. A library that was loaded stays loaded until the process ends,
// even when it is refused.
std::variant<LoadedPlugin, Refusal> load_library(const std::filesystem::path& file);

}  // namespace trefoil::runtime
