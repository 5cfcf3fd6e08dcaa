#include "formats/npy_array.h"

#include <ATen/ops/empty.h>

#include <algorithm>
#include <numeric>
#include <utility>

#include "base/data_errors.h"
#include "base/text.h"
#include "formats/npy_header.h"
#include "formats/positioned_file.h"

namespace trefoil::formats {

namespace {

void swap_bytes(torch::Tensor& numbers) {
  const std::size_t size = numbers.element_size();
  auto* bytes = static_cast<char*>(numbers.data_ptr());
  for (std::size_t at = 0; at < numbers.nbytes(); at += size) std::reverse(bytes + at, bytes + at + size);
}

class NpyArray final : public Array {
 public:
  explicit NpyArray(const std::filesystem::path& path) : path_(path), header_(read_npy_header(path)), file_(path) {}

  const std::vector<std::int64_t>& shape() const override { return header_.shape; }
  torch::ScalarType type() const override { return header_.number.read; }

  torch::Tensor read(std::int64_t first, std::int64_t count) const override {
    return values_of(header_.fortran_order && header_.shape.size() > 1 ? read_columns(first, count)
                                                                       : read_rows(first, count));
  }

 private:
  // C order: the rows lie one after the other.
  torch::Tensor read_rows(std::int64_t first, std::int64_t count) const {
    std::vector<std::int64_t> block_shape = header_.shape;
    block_shape[0] = count;
    torch::Tensor block = torch::empty(block_shape, header_.number.stored);
    if (count == 0) return block;
    const std::uint64_t row_bytes = block.nbytes() / static_cast<std::uint64_t>(count);
    read_bytes_of(block, static_cast<std::uint64_t>(first) * row_bytes, first, count);
    return block;
  }

  // Fortran order: the columns lie one after the other, and the file is the transpose in C order. Each column gives one
  // piece of the block.
  torch::Tensor read_columns(std::int64_t first, std::int64_t count) const {
    std::vector<std::int64_t> reversed(header_.shape.rbegin(), header_.shape.rend());
    reversed.back() = count;
    torch::Tensor block = torch::empty(reversed, header_.number.stored);
    torch::Tensor columns = block.flatten(0, -2);  // [columns, count]
    const std::uint64_t element = block.element_size();
    for (std::int64_t column = 0; count > 0 && column < columns.size(0); ++column) {
      torch::Tensor piece = columns.select(0, column);
      read_bytes_of(piece, static_cast<std::uint64_t>(column * header_.shape[0] + first) * element, first, count);
    }
    std::vector<std::int64_t> order(reversed.size());
    std::iota(order.rbegin(), order.rend(), 0);
    return block.permute(order).contiguous();
  }

  // Fills a contiguous tensor with the bytes from `offset` of the data on.
  void read_bytes_of(torch::Tensor& target, std::uint64_t offset, std::int64_t first, std::int64_t count) const {
    if (file_.read(header_.offset + offset, static_cast<char*>(target.data_ptr()), target.nbytes())) return;
    base::refuse(path_, "rows " + base::grouped(first) + " to " + base::grouped(first + count - 1) +
                            " cannot be read; was the file changed during the run?");
  }

  torch::Tensor values_of(torch::Tensor stored) const {
    if (header_.big_endian) swap_bytes(stored);
    const NpyNumber& number = header_.number;
    if (number.is_bool) return stored.ne(0).to(number.read);
    const torch::Tensor wide = stored.to(number.read);
    return number.mask == 0 ? wide : wide.bitwise_and(number.mask);
  }

  std::filesystem::path path_;
  NpyHeader header_;
  PositionedFile file_;
};

}  // namespace

std::unique_ptr<Array> open_npy(const std::filesystem::path& path) { return std::make_unique<NpyArray>(path); }

}  // namespace trefoil::formats
