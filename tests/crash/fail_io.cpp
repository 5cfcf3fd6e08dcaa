// A library for LD_PRELOAD: one call that changes files under a folder fails, or kills the process. README.md has the
// environment variables. A call counts if its path is in FAIL_IO_FOLDER. Closing a file never fails here.
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

namespace {

// Returns the function that this library hides.
template <typename Function>
Function* hidden(const char* name) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

std::string variable(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

// The fault that the environment asks for. It is read at each call, because calls come before constructors run.
struct Plan {
  std::string folder = variable("FAIL_IO_FOLDER");
  std::string call = variable("FAIL_IO_CALL");  // "" is any
  std::string how = variable("FAIL_IO_HOW");    // ENOSPC, EIO or KILL
  std::string log = variable("FAIL_IO_LOG");
  long at = std::atol(variable("FAIL_IO_AT").c_str());  // from 1; 0: none fails
  bool stays = !variable("FAIL_IO_STAYS").empty();      // all later calls fail, too
};

std::string path_of(int descriptor) {
  char path[PATH_MAX];
  const ssize_t size = ::readlink(("/proc/self/fd/" + std::to_string(descriptor)).c_str(), path, sizeof(path));
  return size > 0 ? std::string(path, static_cast<std::size_t>(size)) : "";
}

std::string absolute(const char* path) {
  if (path[0] == '/') return path;
  char folder[PATH_MAX];
  return ::getcwd(folder, sizeof(folder)) == nullptr ? path : std::string(folder) + "/" + path;
}

// Appends "CALL PATH" to the log, so that a driver knows how many calls there are.
void write_log(const Plan& plan, const char* call, const std::string& path) {
  if (plan.log.empty()) return;
  const std::string line = std::string(call) + " " + path + "\n";
  const int descriptor =
      hidden<int(const char*, int, ...)>("open")(plan.log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
  if (descriptor < 0) return;
  [[maybe_unused]] const auto written =
      hidden<ssize_t(int, const void*, std::size_t)>("write")(descriptor, line.data(), line.size());
  ::close(descriptor);
}

std::atomic<long> calls{0};

// Whether this call is the one that fails. Then errno is set, or `last_act` is called before the process is killed.
template <typename LastAct>
bool fails(const char* call, const std::string& path, LastAct last_act) {
  const int before = errno;
  const Plan plan;
  const bool is_inside = !plan.folder.empty() && path.compare(0, plan.folder.size() + 1, plan.folder + "/") == 0;
  if (!is_inside || (!plan.call.empty() && plan.call != call)) return false;
  const long number = ++calls;
  write_log(plan, call, path);
  errno = before;
  if (plan.at == 0 || number < plan.at || (number > plan.at && !plan.stays)) return false;
  if (plan.how == "KILL") {
    last_act();
    ::raise(SIGKILL);
  }
  errno = plan.how == "EIO" ? EIO : ENOSPC;
  return true;
}

bool fails(const char* call, const std::string& path) {
  return fails(call, path, [] {});
}

bool is_regular(int descriptor) {
  struct stat status {};
  return ::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
}

// A killed process has written the first half.
bool write_fails(int descriptor, const void* bytes, std::size_t size) {
  return is_regular(descriptor) && fails("write", path_of(descriptor), [&] {
           [[maybe_unused]] const auto written =
               hidden<ssize_t(int, const void*, std::size_t)>("write")(descriptor, bytes, size / 2);
         });
}

int open_as(const char* name, const char* path, int flags, mode_t mode) {
  const bool writes = (flags & O_ACCMODE) != O_RDONLY;
  if (writes && fails("open", absolute(path))) return -1;
  return hidden<int(const char*, int, ...)>(name)(path, flags, mode);
}

std::FILE* fopen_as(const char* name, const char* path, const char* mode) {
  if (std::strpbrk(mode, "wa+") != nullptr && fails("open", absolute(path))) return nullptr;
  return hidden<std::FILE*(const char*, const char*)>(name)(path, mode);
}

mode_t mode_of(int flags, va_list arguments) {
  return (flags & O_CREAT) != 0 ? static_cast<mode_t>(va_arg(arguments, int)) : 0;
}

}  // namespace

extern "C" {

int open(const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_of(flags, arguments);
  va_end(arguments);
  return open_as("open", path, flags, mode);
}

int open64(const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = mode_of(flags, arguments);
  va_end(arguments);
  return open_as("open64", path, flags, mode);
}

std::FILE* fopen(const char* path, const char* mode) { return fopen_as("fopen", path, mode); }

std::FILE* fopen64(const char* path, const char* mode) { return fopen_as("fopen64", path, mode); }

ssize_t write(int descriptor, const void* bytes, std::size_t size) {
  if (write_fails(descriptor, bytes, size)) return -1;
  return hidden<ssize_t(int, const void*, std::size_t)>("write")(descriptor, bytes, size);
}

ssize_t writev(int descriptor, const struct iovec* parts, int count) {
  if (count > 0 && write_fails(descriptor, parts[0].iov_base, parts[0].iov_len)) return -1;
  return hidden<ssize_t(int, const struct iovec*, int)>("writev")(descriptor, parts, count);
}

ssize_t pwrite(int descriptor, const void* bytes, std::size_t size, off_t place) {
  if (write_fails(descriptor, bytes, size)) return -1;
  return hidden<ssize_t(int, const void*, std::size_t, off_t)>("pwrite")(descriptor, bytes, size, place);
}

std::size_t fwrite(const void* bytes, std::size_t size, std::size_t count, std::FILE* file) {
  if (write_fails(::fileno(file), bytes, size * count)) return 0;
  return hidden<std::size_t(const void*, std::size_t, std::size_t, std::FILE*)>("fwrite")(bytes, size, count, file);
}

int fsync(int descriptor) {
  if (fails("fsync", path_of(descriptor))) return -1;
  return hidden<int(int)>("fsync")(descriptor);
}

int rename(const char* from, const char* to) noexcept {
  if (fails("rename", absolute(to))) return -1;
  return hidden<int(const char*, const char*)>("rename")(from, to);
}

int mkdir(const char* path, mode_t mode) noexcept {
  if (fails("mkdir", absolute(path))) return -1;
  return hidden<int(const char*, mode_t)>("mkdir")(path, mode);
}

int symlink(const char* target, const char* path) noexcept {
  if (fails("symlink", absolute(path))) return -1;
  return hidden<int(const char*, const char*)>("symlink")(target, path);
}

}  // extern "C"
