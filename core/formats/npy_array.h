// Opens NumPy's .npy files as arrays.
#pragma once

#include <filesystem>
#include <memory>

#include "formats/array.h"

namespace trefoil::formats {

// Opens every file that read_npy_header accepts. Rows of an array in Fortran order are read by blocks, too. Throws
// DataError.
std::unique_ptr<Array> open_npy(const std::filesystem::path& path);

}  // namespace trefoil::formats
