#include "refuse_file.h"

#include <stdexcept>

namespace clip {

void refuse_file(const std::filesystem::path& path, const std::string& problem, std::size_t line) {
  throw std::runtime_error(path.string() + (line > 0 ? ":" + std::to_string(line) : "") + ": " + problem);
}

}  // namespace clip
