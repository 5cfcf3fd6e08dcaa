#include "formats/array.h"

#include <ATen/ops/empty.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "base/errors.h"
#include "base/text.h"

namespace trefoil::formats {

namespace {

class Descriptor {
 public:
  explicit Descriptor(const std::filesystem::path& path) : number_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
    if (number_ < 0) throw DataError(path.string() + ": it cannot be opened");
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { ::close(number_); }

  // pread uses no file position, so several threads may read at once. Returns false at an error or the end of the file.
  bool read(std::uint64_t offset, char* target, std::uint64_t size) const {
    while (size > 0) {
      const ssize_t got = ::pread(number_, target, size, static_cast<off_t>(offset));
      if (got <= 0) return false;
      offset += static_cast<std::uint64_t>(got);
      target += got;
      size -= static_cast<std::uint64_t>(got);
    }
    return true;
  }

 private:
  int number_;
};

class FileArray final : public Array {
 public:
  FileArray(const std::filesystem::path& path, ArrayHeader header)
      : path_(path), header_(std::move(header)), file_(path) {}

  const std::vector<std::int64_t>& shape() const override { return header_.shape; }
  torch::ScalarType type() const override { return header_.type; }

  torch::Tensor read(std::int64_t first, std::int64_t count) const override {
    std::vector<std::int64_t> block_shape = header_.shape;
    block_shape[0] = count;
    torch::Tensor block = torch::empty(block_shape, header_.type);
    if (count == 0) return block;
    const std::uint64_t row_bytes = block.nbytes() / static_cast<std::uint64_t>(count);
    const std::uint64_t offset = header_.offset + static_cast<std::uint64_t>(first) * row_bytes;
    if (!file_.read(offset, static_cast<char*>(block.data_ptr()), block.nbytes())) {
      throw DataError(path_.string() + ": rows " + base::grouped(first) + " to " + base::grouped(first + count - 1) +
                      " cannot be read; was the file changed during the run?");
    }
    return block;
  }

 private:
  std::filesystem::path path_;
  ArrayHeader header_;
  Descriptor file_;
};

class TensorArray final : public Array {
 public:
  explicit TensorArray(torch::Tensor tensor) : tensor_(std::move(tensor)), shape_(tensor_.sizes().vec()) {}

  const std::vector<std::int64_t>& shape() const override { return shape_; }
  torch::ScalarType type() const override { return tensor_.scalar_type(); }
  torch::Tensor read(std::int64_t first, std::int64_t count) const override { return tensor_.narrow(0, first, count); }

 private:
  torch::Tensor tensor_;
  std::vector<std::int64_t> shape_;
};

// Returns the length of the path without "#name".
std::size_t file_length(const std::string& path) {
  constexpr std::string_view kEnding = ".safetensors#";
  const std::size_t hash = path.rfind(kEnding);
  return hash == std::string::npos ? path.size() : hash + kEnding.size() - 1;
}

}  // namespace

std::filesystem::path array_file(const std::filesystem::path& path) {
  return path.string().substr(0, file_length(path.string()));
}

std::unique_ptr<Array> open_array(const std::filesystem::path& path) {
  const std::filesystem::path file = array_file(path);
  if (!std::filesystem::is_regular_file(file)) throw DataError(file.string() + ": there is no such file");
  if (file.extension() == ".npy") return std::make_unique<FileArray>(file, read_npy_header(file));
  if (file.extension() == ".safetensors") {
    const std::string suffix = path.string().substr(file.string().size());  // "" or "#name"
    const std::string name = suffix.substr(std::min<std::size_t>(1, suffix.size()));
    return std::make_unique<FileArray>(file, read_safetensors_header(file, name));
  }
  throw DataError(
      file.string() +
      ": it is neither a .npy nor a .safetensors file; arrays are read only from .npy and .safetensors files");
}

torch::Tensor read_tensor(const std::filesystem::path& path, const ArrayHeader& header) {
  ArrayHeader one_row = header;
  one_row.shape.insert(one_row.shape.begin(), 1);
  return FileArray(path, one_row).read_all().squeeze(0);
}

std::unique_ptr<Array> array_of(torch::Tensor tensor) { return std::make_unique<TensorArray>(std::move(tensor)); }

}  // namespace trefoil::formats
