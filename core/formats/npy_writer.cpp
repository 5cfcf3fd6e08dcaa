#include "formats/npy_writer.h"

#include <map>
#include <stdexcept>
#include <string>

namespace trefoil::formats {

namespace {

std::string header(torch::ScalarType type, const std::vector<std::int64_t>& shape) {
  static const std::map<torch::ScalarType, const char*> kTypes = {{torch::kHalf, "<f2"},
                                                                  {torch::kFloat, "<f4"},
                                                                  {torch::kDouble, "<f8"},
                                                                  {torch::kInt, "<i4"},
                                                                  {torch::kLong, "<i8"}};
  std::string dictionary = std::string("{'descr': '") + kTypes.at(type) + "', 'fortran_order': False, 'shape': (";
  for (const std::int64_t size : shape) dictionary += std::to_string(size) + ",";
  dictionary += "), }";
  constexpr std::size_t kPrefix = 10;     // bytes of magic, version and length
  constexpr std::size_t kAlignment = 64;  // the data starts at a multiple of this
  while ((kPrefix + dictionary.size() + 1) % kAlignment != 0) dictionary += ' ';
  dictionary += '\n';
  std::string bytes("\x93NUMPY\x01\x00", 8);
  bytes += static_cast<char>(dictionary.size() & 0xFFU);
  bytes += static_cast<char>(dictionary.size() >> 8U);
  return bytes + dictionary;
}

}  // namespace

NpyWriter::NpyWriter(const std::filesystem::path& path, torch::ScalarType type, std::vector<std::int64_t> shape)
    : file_(path), type_(type), rows_left_(shape.at(0)) {
  file_.write(header(type, shape));
}

void NpyWriter::append(const torch::Tensor& rows) {
  if (rows.scalar_type() != type_) throw std::logic_error("the rows have another type than the file");
  const torch::Tensor contiguous = rows.contiguous();
  file_.write({static_cast<const char*>(contiguous.data_ptr()), contiguous.nbytes()});
  rows_left_ -= rows.size(0);
}

void NpyWriter::commit() {
  if (rows_left_ != 0) throw std::logic_error("the number of rows is not the one in the shape");
  file_.commit();
}

void write_npy(const std::filesystem::path& path, const torch::Tensor& tensor) {
  NpyWriter writer(path, tensor.scalar_type(), tensor.sizes().vec());
  writer.append(tensor);
  writer.commit();
}

}  // namespace trefoil::formats
