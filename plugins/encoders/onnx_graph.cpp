// An ONNX file is a protocol buffer (developers.google.com/protocol-buffers/docs/encoding). The field numbers are those
// of onnx.proto (github.com/onnx/onnx).
#include "onnx_graph.h"

#include <cstdint>
#include <map>
#include <stdexcept>

namespace onnx_graph {

namespace {

[[noreturn]] void refuse() { throw std::runtime_error("it is not an ONNX model, or it is damaged: export it again"); }

// One field of a message: its number, and its value as a number or as bytes.
struct Field {
  std::uint64_t number = 0;
  std::uint64_t value = 0;
  std::string_view bytes;
};

// The fields of a message, one after another.
class Message {
 public:
  explicit Message(std::string_view bytes) : rest_(bytes) {}

  bool done() const { return rest_.empty(); }

  Field next() {
    enum Wire : std::uint64_t { varint = 0, eight_bytes = 1, counted = 2, four_bytes = 5 };
    const std::uint64_t tag = number();
    Field field{tag >> 3U, 0, {}};
    switch (tag & 7U) {
      case varint:
        field.value = number();
        break;
      case eight_bytes:
        take(8);
        break;
      case counted:
        field.bytes = take(number());
        break;
      case four_bytes:
        take(4);
        break;
      default:
        refuse();
    }
    return field;
  }

 private:
  std::uint64_t number() {
    std::uint64_t result = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const auto byte = static_cast<unsigned char>(take(1)[0]);
      result |= static_cast<std::uint64_t>(byte & 0x7FU) << shift;
      if (byte < 0x80) return result;
    }
    refuse();
  }

  std::string_view take(std::uint64_t count) {
    if (count > rest_.size()) refuse();
    const std::string_view taken = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return taken;
  }

  std::string_view rest_;
};

// Returns the last field with this number; an empty field if there is none.
Field find(std::string_view bytes, std::uint64_t number) {
  Field found;
  for (Message message(bytes); !message.done();) {
    const Field field = message.next();
    if (field.number == number) found = field;
  }
  return found;
}

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

void read_graph(std::string_view bytes, Graph& graph) {
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
    graph.input = shape_of(input);
    return;
  }
}

}  // namespace

Graph read(std::string_view bytes) {
  constexpr std::uint64_t kGraph = 7;
  Graph graph;
  for (Message message(bytes); !message.done();) {
    const Field field = message.next();
    if (field.number == kGraph) read_graph(field.bytes, graph);
  }
  if (graph.outputs.empty()) refuse();
  return graph;
}

}  // namespace onnx_graph
