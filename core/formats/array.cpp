#include "formats/array.h"

#include <ATen/ops/empty.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "base/data_errors.h"
#include "base/text.h"
#include "formats/npy_array.h"
#include "formats/positioned_file.h"
#include "formats/torch_file.h"

namespace trefoil::formats {

namespace {

// A tensor in a safetensors file.
class FileArray final : public Array {
 public:
  FileArray(const std::filesystem::path& path, ArrayHeader header)
      : path_(path), header_(std::move(header)), file_(path) {}

  const std::vector<std::int64_t>& shape() const override { return header_.shape; }
  torch::ScalarType type() const override { return header_.type; }

  torch::Tensor read(std::int64_t first, std::int64_t count) const override {
    std::vector<std::int64_t> block_shape = header_.shape;
    block_shape[0] = count;
    // Bools are read as bytes and compared with 0, because C++ must not read a bool that is neither 0 nor 1.
    const bool is_bool = header_.type == torch::kBool;
    torch::Tensor block = torch::empty(block_shape, is_bool ? torch::kByte : header_.type);
    if (count == 0) return block.to(header_.type);
    const std::uint64_t row_bytes = block.nbytes() / static_cast<std::uint64_t>(count);
    const std::uint64_t offset = header_.offset + static_cast<std::uint64_t>(first) * row_bytes;
    if (!file_.read(offset, static_cast<char*>(block.data_ptr()), block.nbytes())) {
      throw DataError(path_.string() + ": rows " + base::grouped(first) + " to " + base::grouped(first + count - 1) +
                      " cannot be read; was the file changed during the run?");
    }
    return is_bool ? block.ne(0) : block;
  }

 private:
  std::filesystem::path path_;
  ArrayHeader header_;
  PositionedFile file_;
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

constexpr std::array<std::string_view, 4> kNamedTensorFiles = {".safetensors", ".pt", ".pth", ".bin"};

// Returns the length of the path without "#name".
std::size_t file_length(const std::string& path) {
  for (const std::string_view extension : kNamedTensorFiles) {
    const std::size_t hash = path.rfind(std::string(extension) + '#');
    if (hash != std::string::npos) return hash + extension.size();
  }
  return path.size();
}

}  // namespace

std::filesystem::path array_file(const std::filesystem::path& path) {
  return path.string().substr(0, file_length(path.string()));
}

std::unique_ptr<Array> open_array(const std::filesystem::path& path) {
  const std::filesystem::path file = array_file(path);
  if (!std::filesystem::is_regular_file(file)) throw DataError(file.string() + ": there is no such file");
  const std::string suffix = path.string().substr(file.string().size());  // "" or "#name"
  const std::string name = suffix.substr(std::min<std::size_t>(1, suffix.size()));
  const std::string extension = file.extension().string();
  if (extension == ".npy") return open_npy(file);
  if (extension == ".safetensors") return array_at(file, read_safetensors_header(file, name));
  if (std::find(kNamedTensorFiles.begin(), kNamedTensorFiles.end(), extension) != kNamedTensorFiles.end()) {
    torch::Tensor tensor = read_torch_tensor(file, name);
    if (tensor.dim() == 0) base::refuse(file, "it has a single number, not an array");
    return array_of(std::move(tensor));
  }
  base::refuse(file, "arrays are read from .npy, .safetensors and .pt files; save it as one of these");
}

std::unique_ptr<Array> array_at(const std::filesystem::path& path, ArrayHeader header) {
  return std::make_unique<FileArray>(path, std::move(header));
}

torch::Tensor read_tensor(const std::filesystem::path& path, const ArrayHeader& header) {
  ArrayHeader one_row = header;
  one_row.shape.insert(one_row.shape.begin(), 1);
  return FileArray(path, one_row).read_all().squeeze(0);
}

std::unique_ptr<Array> array_of(torch::Tensor tensor) { return std::make_unique<TensorArray>(std::move(tensor)); }

}  // namespace trefoil::formats
