// What a shared library exports, read from the file without loading it, so that a stranger is asked for his papers
// before any of his code runs.
//
// Boost.DLL's library_info does nearly this, but in 1.74 it reads only the symbol table that `strip` removes, and so
// finds nothing in an installed plugin.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace trefoil::runtime {

// The names in the file's dynamic symbol table that it defines itself.
// Throws std::runtime_error with a short reason when the file is not a 64-bit little-endian ELF shared library, or is
// cut.
std::vector<std::string> exported_symbols(const std::filesystem::path& file);

}  // namespace trefoil::runtime
