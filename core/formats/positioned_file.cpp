#include "formats/positioned_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "base/data_errors.h"

namespace trefoil::formats {

PositionedFile::PositionedFile(const std::filesystem::path& path)
    : descriptor_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
  if (descriptor_ < 0) base::refuse(path, "it cannot be opened");
}

PositionedFile::~PositionedFile() { ::close(descriptor_); }

bool PositionedFile::read(std::uint64_t offset, char* target, std::uint64_t size) const {
  while (size > 0) {
    const ssize_t got = ::pread(descriptor_, target, size, static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    offset += static_cast<std::uint64_t>(got);
    target += got;
    size -= static_cast<std::uint64_t>(got);
  }
  return true;
}

}  // namespace trefoil::formats
