// The field numbers are those of onnx.proto (github.com/onnx/onnx).
#include "graph.h"

#include <map>

#include "protobuf.h"

namespace onnx_model {

namespace {

void add_type(std::uint64_t type, Graph& graph) {
  static const std::map<std::uint64_t, const char*> kUnusual = {{10, "float16"}, {11, "float64"}, {16, "bfloat16"},
                                                                {17, "float8"},  {18, "float8"},  {19, "float8"},
                                                                {20, "float8"}};
  const auto found = kUnusual.find(type);
  if (found != kUnusual.end()) graph.unusual_types.insert(found->second);
}

// Reads the shape of an input. A size may be a name or be missing, and then any size is accepted.
std::vector<std::int64_t> shape_of(std::string_view value) {
  constexpr std::uint64_t kType = 2;
  constexpr std::uint64_t kTensorOfType = 1;
  constexpr std::uint64_t kShapeOfTensor = 2;
  constexpr std::uint64_t kSizeOfDimension = 1;
  const std::string_view tensor = find(find(value, kType).bytes, kTensorOfType).bytes;
  std::vector<std::int64_t> shape;
  for (Message message(find(tensor, kShapeOfTensor).bytes); !message.done();) {
    const auto size = static_cast<std::int64_t>(find(message.next().bytes, kSizeOfDimension).value);
    shape.push_back(size > 0 ? size : kAnySize);
  }
  return shape;
}

void add_graph(std::string_view bytes, Graph& graph) {
  constexpr std::uint64_t kNode = 1;
  constexpr std::uint64_t kInitializer = 5;
  constexpr std::uint64_t kInput = 11;
  constexpr std::uint64_t kOutput = 12;
  constexpr std::uint64_t kOperatorOfNode = 4;
  constexpr std::uint64_t kTypeOfTensor = 2;
  constexpr std::uint64_t kNameOfTensor = 8;
  constexpr std::uint64_t kNameOfValue = 1;
  std::set<std::string_view> weights;
  std::vector<std::string_view> inputs;
  for (Message message(bytes); !message.done();) {
    const Field field = message.next();
    if (field.number == kNode) graph.operators.emplace(find(field.bytes, kOperatorOfNode).bytes);
    if (field.number == kInitializer) {
      add_type(find(field.bytes, kTypeOfTensor).value, graph);
      weights.insert(find(field.bytes, kNameOfTensor).bytes);
    }
    if (field.number == kInput) inputs.push_back(field.bytes);
    if (field.number == kOutput) graph.outputs.emplace_back(find(field.bytes, kNameOfValue).bytes);
  }
  // Older files list the weights among the inputs.
  for (const std::string_view input : inputs) {
    if (weights.count(find(input, kNameOfValue).bytes) > 0) continue;
    graph.input_name = find(input, kNameOfValue).bytes;
    graph.input = shape_of(input);
    return;
  }
}

}  // namespace

Graph read_graph(std::string_view bytes) {
  constexpr std::uint64_t kGraph = 7;
  Graph graph;
  for (Message message(bytes); !message.done();) {
    const Field field = message.next();
    if (field.number == kGraph) add_graph(field.bytes, graph);
  }
  if (graph.outputs.empty()) refuse_damaged();
  return graph;
}

}  // namespace onnx_model
