// Reads the exported symbols of a shared library without loading it, so that the plugin ABI is checked before any code
// of the plugin runs.
//
// Boost.DLL has a class library_info for this. In Boost 1.74 it reads only the symbol table that `strip` removes, so it
// finds nothing in an installed plugin.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace trefoil::runtime {

// Returns the global names of at most 256 bytes that begin with `prefix` and that the file's dynamic symbol table
// defines. Takes time and memory in proportion to the size of the file. Throws std::runtime_error with a short reason
// when the file is not a 64-bit little-endian ELF shared library, or is cut short.
std::vector<std::string> exported_symbols(const std::filesystem::path& file, std::string_view prefix);

}  // namespace trefoil::runtime
