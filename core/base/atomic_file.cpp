#include "base/atomic_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <random>
#include <utility>

#include "base/errors.h"

namespace trefoil::base {

namespace {

constexpr const char* kTemporary = ".partial-";  // a random number follows

// The number is random, so that no two writers share a name, even on different machines that use one folder.
std::string random_ending() {
  std::random_device source;
  return kTemporary + std::to_string(std::uint64_t{source()} << 32U | source());
}

// Waits until the file or folder is on the disk. Returns false when that fails.
bool synchronised(const std::filesystem::path& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return false;
  const bool done = ::fsync(descriptor) == 0;
  ::close(descriptor);
  return done;
}

}  // namespace

AtomicFile::AtomicFile(std::filesystem::path path, Durability durability)
    : path_(std::move(path)), temporary_(path_), durability_(durability) {
  temporary_ += random_ending();
  stream_.open(temporary_, std::ios::binary | std::ios::trunc);
  if (!stream_) {
    throw RunError(path_.string() + ": it cannot be written: " + std::strerror(errno));
  }
}

AtomicFile::~AtomicFile() {
  if (committed_) return;
  stream_.close();
  std::error_code ignored;
  std::filesystem::remove(temporary_, ignored);
}

void AtomicFile::commit() {
  stream_.close();
  bool written = stream_.good();
  if (durability_ == Durability::power_loss) written = written && synchronised(temporary_);
  std::error_code failure;
  if (written) std::filesystem::rename(temporary_, path_, failure);
  if (written && !failure && durability_ == Durability::power_loss) {
    const std::filesystem::path folder = path_.parent_path();
    synchronised(folder.empty() ? "." : folder);  // may fail on some file systems; the file itself is safe
  }
  if (!written || failure) {
    throw RunError(path_.string() + ": it could not be written completely; is the disk full?");
  }
  committed_ = true;
}

void remove_old_temporary_files(const std::filesystem::path& folder) {
  constexpr std::chrono::hours kOld{24};  // far longer than any file takes to write
  const auto now = std::filesystem::file_time_type::clock::now();
  std::error_code failure;
  for (auto entry = std::filesystem::directory_iterator(folder, failure);
       !failure && entry != std::filesystem::directory_iterator(); entry.increment(failure)) {
    std::error_code ignored;
    const std::filesystem::path ending = entry->path().extension();
    const bool is_temporary = ending.string().compare(0, std::strlen(kTemporary), kTemporary) == 0;
    if (!is_temporary || !entry->is_regular_file(ignored)) continue;
    const auto written = entry->last_write_time(ignored);
    if (!ignored && now - written > kOld) std::filesystem::remove(entry->path(), ignored);
  }
}

void write_atomically(const std::filesystem::path& path, std::string_view bytes, Durability durability) {
  AtomicFile file(path, durability);
  file.write(bytes);
  file.commit();
}

std::string read_text(const std::filesystem::path& path) {
  errno = 0;
  std::ifstream stream(path, std::ios::binary);
  if (!stream || std::filesystem::is_directory(path)) {
    throw DataError(path.string() + ": it cannot be read" +
                    (errno != 0 ? std::string(": ") + std::strerror(errno) : ""));
  }
  return {std::istreambuf_iterator<char>(stream), {}};
}

}  // namespace trefoil::base
