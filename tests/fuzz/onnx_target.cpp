// The reader of ONNX files, which looks at them before a library runs them.
#include "encoders/onnx/graph.h"
#include "encoders/onnx/tensor_files.h"
#include "refusal.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  fuzz::read_or_refuse([&] { onnx_model::tensor_files(bytes); });
  fuzz::read_or_refuse([&] { onnx_model::read_graph(bytes); });
  return 0;
}
