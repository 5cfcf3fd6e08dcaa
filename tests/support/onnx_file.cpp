#include "support/onnx_file.h"

#include "support/torch_files.h"

namespace tests::onnx_file {

namespace {

// Encoding: developers.google.com/protocol-buffers/docs/encoding
std::string varint(std::uint64_t number) {
  std::string bytes;
  for (; number >= 128; number >>= 7U) bytes += static_cast<char>((number & 127U) | 128U);
  return bytes + static_cast<char>(number);
}

}  // namespace

std::string field(int number, std::uint64_t value) {
  return varint(static_cast<std::uint64_t>(number) << 3U) + varint(value);
}

std::string field(int number, const std::string& bytes) {
  return varint(static_cast<std::uint64_t>(number) << 3U | 2U) + varint(bytes.size()) + bytes;
}

std::string value_info(const std::string& name, const std::vector<std::uint64_t>& shape, Type type) {
  std::string dimensions;
  for (const std::uint64_t size : shape) dimensions += field(1, field(1, size));
  return field(1, name) + field(2, field(1, field(1, std::uint64_t{type}) + field(2, dimensions)));
}

std::string node(const std::string& operation, const std::vector<std::string>& inputs, const std::string& output) {
  std::string bytes;
  for (const std::string& input : inputs) bytes += field(1, input);
  return bytes + field(2, output) + field(3, output) + field(4, operation);  // its name is that of its output
}

std::string weight(const std::string& name, const std::vector<std::uint64_t>& shape, Type type,
                   const std::string& values) {
  std::string bytes;
  for (const std::uint64_t size : shape) bytes += field(1, size);
  return bytes + field(2, std::uint64_t{type}) + field(8, name) + field(9, values);
}

std::string weight(const std::string& name, const std::vector<float>& values) {
  return weight(name, {values.size()}, kFloat, float_bytes(values));
}

std::string file_entry(const std::string& file) {
  return field(13, field(1, std::string("location")) + field(2, file));
}

std::string model(const std::string& graph, std::uint64_t opset) {
  return field(1, std::uint64_t{7}) + field(7, field(2, std::string("graph")) + graph) +
         field(8, field(1, std::string()) + field(2, opset));
}

}  // namespace tests::onnx_file
