// Errors about input files. Each message names the file.
#pragma once

#include <filesystem>
#include <string>

#include "base/errors.h"
#include "base/text.h"

namespace trefoil::base {

// Throws DataError "PATH: PROBLEM". The problem may contain names out of the file, so the message is made one line.
[[noreturn]] inline void refuse(const std::filesystem::path& path, const std::string& problem) {
  throw DataError(one_line(path.string() + ": " + problem));
}

// Throws the DataError of `refuse` for a damaged file: the message also says to copy, download or write the file again.
[[noreturn]] inline void refuse_damaged(const std::filesystem::path& path, const std::string& problem) {
  refuse(path, problem + "; copy or download the file again, or write it again");
}

// Returns what `read` returns. A filesystem_error becomes a DataError, because the runner reports both in the same way.
template <typename Read>
auto translate_filesystem_errors(Read read) {
  try {
    return read();
  } catch (const std::filesystem::filesystem_error& error) {
    refuse(error.path1(), error.code().message());
  }
}

}  // namespace trefoil::base
