#include "sweep/claim.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "base/errors.h"

namespace trefoil::sweep {

namespace {

// A write lock on the whole file. It belongs to the open file ("open file description lock", fcntl(2)), so that two
// objects of one process exclude each other, and so that it can be looked at without being taken.
struct flock whole_file() {
  struct flock lock {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  return lock;
}

// Calls fcntl with the lock, again when a signal interrupts it. False when another process has the lock.
bool succeeds(int descriptor, const std::filesystem::path& file, int command, struct flock& lock) {
  int result = 0;
  do {
    result = ::fcntl(descriptor, command, &lock);
  } while (result != 0 && errno == EINTR);
  if (result == 0) return true;
  if (errno == EAGAIN || errno == EACCES) return false;
  throw RunError(file.string() + ": cannot be locked (" + std::strerror(errno) +
                 "); the file system of a sweep must support file locks");
}

// Whether the open file still has the name.
bool is_at(int descriptor, const std::filesystem::path& file) {
  struct stat opened {};
  struct stat named {};
  return ::fstat(descriptor, &opened) == 0 && ::stat(file.c_str(), &named) == 0 && opened.st_ino == named.st_ino &&
         opened.st_dev == named.st_dev;
}

}  // namespace

std::optional<Claim> Claim::take(const std::filesystem::path& file) { return open(file, F_OFD_SETLK); }

Claim Claim::wait_for(const std::filesystem::path& file) { return *open(file, F_OFD_SETLKW); }

std::optional<Claim> Claim::open(const std::filesystem::path& file, int command) {
  while (true) {
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (descriptor < 0) throw RunError(file.string() + ": cannot be made (" + std::strerror(errno) + ")");
    Claim claim(file, descriptor, /*held=*/false);
    struct flock lock = whole_file();
    if (!succeeds(descriptor, file, command, lock)) return std::nullopt;
    // The last holder removes the file before it unlocks it. A lock on a removed file excludes nobody: try again.
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
  struct flock lock = whole_file();
  succeeds(descriptor, file, F_OFD_GETLK, lock);
  return lock.l_type != F_UNLCK;
}

}  // namespace trefoil::sweep
