// Parts of ONNX files, as protocol buffers. The field numbers are those of onnx.proto (github.com/onnx/onnx).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace tests::onnx_file {

// Numbers of TensorProto.DataType.
enum Type : std::uint64_t { kFloat = 1, kHalf = 10, kBFloat16 = 16 };

// One field of a protocol buffer.
std::string field(int number, std::uint64_t value);
std::string field(int number, const std::string& bytes);

// The name, type and shape of an input or output.
std::string value_info(const std::string& name, const std::vector<std::uint64_t>& shape, Type type = kFloat);

std::string node(const std::string& operation, const std::vector<std::string>& inputs, const std::string& output);

// A weight with its values as little-endian bytes.
std::string weight(const std::string& name, const std::vector<std::uint64_t>& shape, Type type,
                   const std::string& values);

// A weight of float32 numbers.
std::string weight(const std::string& name, const std::vector<float>& values);

// The pair ("location", FILE) of a tensor whose values are in another file.
std::string file_entry(const std::string& file);

// The bytes of a file with this graph, for operators of this version.
std::string model(const std::string& graph, std::uint64_t opset);

}  // namespace tests::onnx_file
