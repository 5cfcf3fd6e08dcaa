// Reads the graph of an ONNX file: its inputs and outputs, its operators, and the types of its weights.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace onnx_model {

constexpr std::int64_t kAnySize = -1;

struct Graph {
  std::string input_name;               // of the first input
  std::vector<std::int64_t> input;      // its shape; kAnySize: the model accepts any size there
  std::vector<std::string> outputs;     // names, in the order of the file
  std::set<std::string> operators;      // "MatMul", "LayerNormalization", …
  std::set<std::string> unusual_types;  // types of weights that are not float32 or integers: "float16", …
};

// Reads the bytes of an ONNX file. Throws std::runtime_error without the file's name if they are not sound.
Graph read_graph(std::string_view bytes);

}  // namespace onnx_model
