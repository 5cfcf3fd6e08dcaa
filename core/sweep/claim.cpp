#include "sweep/claim.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "base/errors.h"

namespace trefoil::sweep {

namespace {

// False when another has the lock and `operation` does not wait for it.
bool locked(int descriptor, const std::filesystem::path& file, int operation) {
  int result = 0;
  do {
    result = ::flock(descriptor, operation);
  } while (result != 0 && errno == EINTR);
  if (result == 0) return true;
  if (errno == EWOULDBLOCK) return false;
  throw RunError(file.string() + ": cannot be locked (" + std::strerror(errno) +
                 "); the file system of a sweep must know flock");
}

// Whether the open file is the one that has the name.
bool is_at(int descriptor, const std::filesystem::path& file) {
  struct stat opened {};
  struct stat named {};
  return ::fstat(descriptor, &opened) == 0 && ::stat(file.c_str(), &named) == 0 && opened.st_ino == named.st_ino &&
         opened.st_dev == named.st_dev;
}

}  // namespace

std::optional<Claim> Claim::take(const std::filesystem::path& file) { return open(file, LOCK_EX | LOCK_NB); }

Claim Claim::wait_for(const std::filesystem::path& file) { return *open(file, LOCK_EX); }

std::optional<Claim> Claim::open(const std::filesystem::path& file, int operation) {
  while (true) {
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (descriptor < 0) throw RunError(file.string() + ": cannot be made (" + std::strerror(errno) + ")");
    Claim claim(file, descriptor, /*held=*/false);
    if (!locked(descriptor, file, operation)) return std::nullopt;
    // The last holder removes the file before it lets go; a lock on a removed file is none.
    if (!is_at(descriptor, file)) continue;
    claim.held_ = true;
    return claim;
  }
}

Claim::Claim(std::filesystem::path file, int descriptor, bool held)
    : file_(std::move(file)), descriptor_(descriptor), held_(held) {}

Claim::Claim(Claim&& other) noexcept
    : file_(std::move(other.file_)), descriptor_(std::exchange(other.descriptor_, -1)), held_(other.held_) {}

Claim::~Claim() {
  if (descriptor_ < 0) return;
  std::error_code ignored;
  if (held_) std::filesystem::remove(file_, ignored);
  ::close(descriptor_);
}

bool Claim::is_held(const std::filesystem::path& file) {
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CLOEXEC);
  if (descriptor < 0) return false;
  const Claim closing(file, descriptor, /*held=*/false);
  return !locked(descriptor, file, LOCK_EX | LOCK_NB);
}

}  // namespace trefoil::sweep
