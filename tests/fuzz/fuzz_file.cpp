#include "fuzz_file.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>

namespace fuzz {

File::File(const std::uint8_t* bytes, std::size_t count)
    : descriptor_(::memfd_create("fuzz", 0)), path_("/proc/self/fd/" + std::to_string(descriptor_)) {
  if (descriptor_ < 0 || ::write(descriptor_, bytes, count) != static_cast<ssize_t>(count)) std::abort();
}

File::~File() { ::close(descriptor_); }

}  // namespace fuzz
