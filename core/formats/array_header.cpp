#include "formats/array_header.h"

#include <algorithm>
#include <fstream>
#include <limits>

#include "base/errors.h"

namespace trefoil::formats {

std::uint64_t byte_count(const ArrayHeader& header, const std::filesystem::path& path) {
  // LibTorch computes strides without the zeros of a shape, so the other sizes must fit also when there are no
  // elements.
  std::uint64_t count = c10::elementSize(header.type);
  bool is_empty = false;
  for (const std::int64_t size : header.shape) {
    const auto factor = static_cast<std::uint64_t>(std::max<std::int64_t>(size, 1));
    if (size < 0 || count > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()) / factor) {
      throw DataError(path.string() + ": the shape in its header is impossible");
    }
    count *= factor;
    is_empty = is_empty || size == 0;
  }
  return is_empty ? 0 : count;
}

std::string read_bytes(const std::filesystem::path& path, std::uint64_t offset, std::uint64_t count) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) throw DataError(path.string() + ": it cannot be opened");
  stream.seekg(static_cast<std::streamoff>(offset));
  std::string bytes(count, '\0');
  stream.read(bytes.data(), static_cast<std::streamsize>(count));
  bytes.resize(static_cast<std::size_t>(stream.gcount()));
  return bytes;
}

}  // namespace trefoil::formats
