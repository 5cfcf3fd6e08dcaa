// The stream for the result that a command prints.
#pragma once

#include <cstdio>
#include <filesystem>

namespace runner {

// Returns stdout. When the command has written its data there, because `out` is /dev/stdout, returns stderr, so that
// the data stay intact.
std::FILE* result_stream(const std::filesystem::path& out);

}  // namespace runner
