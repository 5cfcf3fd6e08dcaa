// The field numbers are those of onnx.proto (github.com/onnx/onnx). A tensor names a file in its list external_data, as
// the pair ("location", FILE).
#include "tensor_files.h"

#include <stdexcept>

#include "protobuf.h"

namespace onnx_model {

namespace {

enum class Kind { model, training, function, graph, node, attribute, sparse_tensor, tensor, file_entry };

struct Child {
  Kind parent;
  std::uint64_t number;
  Kind kind;
};

constexpr Child kChildren[] = {
    {Kind::model, 7, Kind::graph},
    {Kind::model, 20, Kind::training},
    {Kind::model, 25, Kind::function},
    {Kind::training, 1, Kind::graph},
    {Kind::training, 2, Kind::graph},
    {Kind::function, 7, Kind::node},
    {Kind::function, 11, Kind::attribute},
    {Kind::graph, 1, Kind::node},
    {Kind::graph, 5, Kind::tensor},
    {Kind::graph, 15, Kind::sparse_tensor},
    {Kind::node, 5, Kind::attribute},
    {Kind::attribute, 5, Kind::tensor},
    {Kind::attribute, 6, Kind::graph},
    {Kind::attribute, 10, Kind::tensor},
    {Kind::attribute, 11, Kind::graph},
    {Kind::attribute, 22, Kind::sparse_tensor},
    {Kind::attribute, 23, Kind::sparse_tensor},
    {Kind::sparse_tensor, 1, Kind::tensor},
    {Kind::sparse_tensor, 2, Kind::tensor},
    {Kind::tensor, 13, Kind::file_entry},
};

// Collects every value of the entry, because other readers may choose another one of several.
void add_location(std::string_view entry, std::vector<std::string>& files) {
  constexpr std::uint64_t kKey = 1;
  constexpr std::uint64_t kValue = 2;
  bool is_location = false;
  std::vector<std::string> values;
  for (Message message(entry); !message.done();) {
    const Field field = message.next();
    if (field.number == kKey && field.bytes == "location") is_location = true;
    if (field.number == kValue) values.emplace_back(field.bytes);
  }
  if (is_location) files.insert(files.end(), values.begin(), values.end());
}

void walk(Kind kind, std::string_view bytes, int depth, std::vector<std::string>& files) {
  constexpr int kDeepest = 100;  // as in Google's reader of protocol buffers
  if (depth > kDeepest) throw std::runtime_error("its graphs are nested more than 100 deep: export it again");
  if (kind == Kind::file_entry) return add_location(bytes, files);
  for (Message message(bytes); !message.done();) {
    const Field field = message.next();
    for (const Child& child : kChildren) {
      if (child.parent == kind && child.number == field.number) walk(child.kind, field.bytes, depth + 1, files);
    }
  }
}

}  // namespace

std::vector<std::string> tensor_files(std::string_view model) {
  std::vector<std::string> files;
  walk(Kind::model, model, 0, files);
  return files;
}

}  // namespace onnx_model
