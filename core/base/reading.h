// Reading: what the file system refuses while data is read is bad data, like everything else that is wrong with it.
#pragma once

#include <filesystem>

#include "base/errors.h"

namespace trefoil::base {

// Returns what `reading` does; its filesystem_error becomes DataError.
template <typename Reading>
auto as_data_error(Reading reading) {
  try {
    return reading();
  } catch (const std::filesystem::filesystem_error& error) {
    throw DataError(error.path1().string() + ": " + error.code().message());
  }
}

}  // namespace trefoil::base
