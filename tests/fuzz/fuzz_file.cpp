#include "fuzz_file.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <system_error>

namespace fuzz {

File::File(const std::uint8_t* bytes, std::size_t count)
    : descriptor_(::memfd_create("fuzz", 0)), path_("/proc/self/fd/" + std::to_string(descriptor_)) {
  if (descriptor_ < 0 || ::write(descriptor_, bytes, count) != static_cast<ssize_t>(count)) std::abort();
}

File::File(std::string_view bytes) : File(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()) {}

File::~File() { ::close(descriptor_); }

Folder::Folder() {
  std::string name = std::filesystem::exists("/dev/shm") ? "/dev/shm/trefoil-fuzz-XXXXXX" : "/tmp/trefoil-fuzz-XXXXXX";
  if (::mkdtemp(name.data()) == nullptr) std::abort();
  path_ = name;
}

Folder::~Folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::filesystem::path Folder::write(const std::filesystem::path& name, std::string_view bytes) const {
  std::filesystem::path file = path_ / name;
  std::ofstream stream(file, std::ios::binary);
  if (!stream) {
    std::filesystem::create_directories(file.parent_path());
    stream.open(file, std::ios::binary);
  }
  if (!stream.write(bytes.data(), static_cast<std::streamsize>(bytes.size()))) std::abort();
  return file;
}

std::vector<std::string_view> parts(const std::uint8_t* bytes, std::size_t count, std::size_t files) {
  constexpr std::string_view kSeparator = "\n---\n";
  std::string_view rest(reinterpret_cast<const char*>(bytes), count);
  std::vector<std::string_view> all(files);
  for (std::size_t i = 0; i < files; ++i) {
    const std::size_t end = i + 1 == files ? std::string_view::npos : rest.find(kSeparator);
    const std::size_t length = end == std::string_view::npos ? rest.size() : end + 1;  // with its last line break
    all[i] = rest.substr(0, length);
    rest.remove_prefix(std::min(rest.size(), length + kSeparator.size() - 1));
  }
  return all;
}

std::string safetensors_file(const std::uint8_t* bytes, std::size_t count) {
  const std::uint64_t length = count < 2 ? 0 : bytes[0] | std::uint64_t{bytes[1]} << 8U;
  std::string file(sizeof(length), '\0');
  std::memcpy(file.data(), &length, sizeof(length));
  if (count > 2) file.append(reinterpret_cast<const char*>(bytes) + 2, count - 2);
  return file;
}

}  // namespace fuzz
