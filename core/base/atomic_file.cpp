#include "base/atomic_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <iterator>
#include <random>
#include <utility>

#include "base/data_errors.h"

namespace trefoil::base {

namespace {

constexpr const char* kTemporary = ".partial-";  // a random number follows

// The number is random, so that no two writers share a name, even on different machines that use one folder.
std::string random_suffix() {
  std::random_device source;
  return kTemporary + std::to_string(std::uint64_t{source()} << 32U | source());
}

// Waits until the file or folder is on the disk. Returns errno when that fails, and 0 otherwise.
int synchronise(const std::filesystem::path& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return errno;
  const int failure = ::fsync(descriptor) == 0 ? 0 : errno;
  ::close(descriptor);
  return failure;
}

[[noreturn]] void refuse_to_write(const std::filesystem::path& path, const std::string& reason) {
  throw RunError(path.string() + ": it cannot be written: " + reason);
}

// Whether the path names an open descriptor of this process, such as /dev/stdout.
bool is_descriptor(const std::filesystem::path& path) {
  const std::string folder = path.parent_path().string();
  return folder == "/dev/fd" || folder == "/proc/self/fd" || folder == "/proc/" + std::to_string(::getpid()) + "/fd" ||
         path == "/dev/stdout" || path == "/dev/stderr";
}

// Whether the path is a pipe, a device or an open descriptor. The file behind a descriptor must not be replaced: with
// `>> FILE`, it already has content. Throws RunError when the path is a folder.
bool is_stream(const std::filesystem::path& path) {
  if (is_descriptor(path)) return true;
  std::error_code absent;
  const std::filesystem::file_status status = std::filesystem::status(path, absent);
  if (std::filesystem::is_directory(status)) refuse_to_write(path, "it is a folder; give the path of a file");
  return std::filesystem::exists(status) && !std::filesystem::is_regular_file(status);
}

// Returns the file that links lead to, which may be absent. A link to a pipe or a device is returned unchanged, because
// the links in /proc to pipes lead to no path.
std::filesystem::path without_links(std::filesystem::path path) {
  constexpr int kMostLinks = 40;  // as in Linux
  std::error_code failure;
  for (int i = 0; std::filesystem::is_symlink(path, failure); ++i) {
    if (i == kMostLinks) refuse_to_write(path, "too many links lead to each other");
    if (is_stream(path)) break;
    path = path.parent_path() / std::filesystem::read_symlink(path, failure);
  }
  return path;
}

}  // namespace

AtomicFile::AtomicFile(std::filesystem::path path, Durability durability)
    : path_(without_links(std::move(path))), durability_(durability) {
  if (!is_stream(path_)) temporary_ = path_.string() + random_suffix();
  stream_.open(temporary_.empty() ? path_ : temporary_,
               std::ios::binary | (is_descriptor(path_) ? std::ios::app : std::ios::trunc));
  if (!stream_) refuse_to_write(path_, std::strerror(errno));
}

AtomicFile::~AtomicFile() {
  if (committed_ || temporary_.empty()) return;
  stream_.close();
  std::error_code ignored;
  std::filesystem::remove(temporary_, ignored);
}

void AtomicFile::write(std::string_view bytes) {
  keep_failure([&] { stream_.write(bytes.data(), static_cast<std::streamsize>(bytes.size())); });
}

template <typename Call>
void AtomicFile::keep_failure(Call call) {
  errno = 0;
  call();
  if (!stream_ && failure_ == 0) failure_ = errno != 0 ? errno : EIO;
}

void AtomicFile::commit() {
  keep_failure([this] { stream_.close(); });
  const bool replaces = !temporary_.empty();
  const bool is_durable = replaces && durability_ == Durability::power_loss;
  if (failure_ == 0 && is_durable) failure_ = synchronise(temporary_);
  if (failure_ == 0 && replaces && std::rename(temporary_.c_str(), path_.c_str()) != 0) failure_ = errno;
  if (failure_ != 0) {
    throw RunError(path_.string() + ": it could not be written completely: " + std::strerror(failure_));
  }
  committed_ = true;
  if (!is_durable) return;
  const std::filesystem::path folder = path_.parent_path();
  synchronise(folder.empty() ? "." : folder);  // may fail on some file systems; the file itself is safe
}

void make_folder_of(const std::filesystem::path& file) {
  const std::filesystem::path folder = file.parent_path();
  std::error_code failure;
  if (!folder.empty()) std::filesystem::create_directories(folder, failure);
  if (failure) throw RunError(folder.string() + ": the folder cannot be created: " + failure.message());
}

void require_writable(const std::filesystem::path& path) {
  const std::filesystem::path target = without_links(path);
  if (!is_stream(target)) {
    const AtomicFile removed_at_once(target);
  } else if (::access(target.c_str(), W_OK) != 0) {
    refuse_to_write(target, std::strerror(errno));
  }
}

void remove_old_temporary_files(const std::filesystem::path& folder) {
  constexpr std::chrono::hours kOld{24};  // far longer than any file takes to write
  const auto now = std::filesystem::file_time_type::clock::now();
  std::error_code failure;
  for (auto entry = std::filesystem::directory_iterator(folder, failure);
       !failure && entry != std::filesystem::directory_iterator(); entry.increment(failure)) {
    std::error_code ignored;
    const std::filesystem::path extension = entry->path().extension();
    const bool is_temporary = extension.string().compare(0, std::strlen(kTemporary), kTemporary) == 0;
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
  // Files from outside name the files that they need, and a device such as /dev/zero has no end.
  std::error_code unreachable;
  if (std::filesystem::is_character_file(path, unreachable)) refuse(path, "it is a device, not a file");
  errno = 0;
  std::ifstream stream(path, std::ios::binary);
  if (!stream || std::filesystem::is_directory(path)) {
    throw DataError(path.string() + ": it cannot be read" +
                    (errno != 0 ? std::string(": ") + std::strerror(errno) : ""));
  }
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::string read_json_text(const std::filesystem::path& path) {
  std::string text = read_text(path);
  if (const std::string reason = json_refusal(text); !reason.empty()) refuse(path, "it " + reason);
  return text;
}

}  // namespace trefoil::base
