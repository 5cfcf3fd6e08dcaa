// Runs ONNX models with ONNX Runtime (onnxruntime.ai). No libraries of custom operators are registered, so a model runs
// only operators that ONNX Runtime itself has.
#include "../session.h"

#include <ATen/ops/from_blob.h>
#include <onnxruntime_cxx_api.h>
#include <onnxruntime_session_options_config_keys.h>

#include <iostream>
#include <stdexcept>
#include <string_view>

namespace onnx_model {

namespace {

// ONNX Runtime's own log stays off, because it throws its errors.
Ort::Env& environment() {
  static Ort::Env environment(ORT_LOGGING_LEVEL_FATAL, "trefoil");
  return environment;
}

// While an object of this class lives, nothing appears on std::cerr. In Debian, libonnx and ONNX Runtime both register
// the operators. At the first model, libonnx writes a line to std::cerr for each operator that is there already, about
// a thousand.
class Quiet {
 public:
  Quiet() : before_(std::cerr.rdbuf(nullptr)) {}
  Quiet(const Quiet&) = delete;
  Quiet& operator=(const Quiet&) = delete;
  ~Quiet() { std::cerr.rdbuf(before_); }

 private:
  std::streambuf* before_;
};

// An image is computed by the thread that calls run(), so features do not depend on the number of threads.
Ort::SessionOptions options() {
  Ort::SessionOptions options;
  options.SetIntraOpNumThreads(1);
  options.SetInterOpNumThreads(1);
  options.SetExecutionMode(ORT_SEQUENTIAL);
  options.SetDeterministicCompute(true);
  // A file of ONNX Runtime's own format is otherwise recognised by its bytes.
  options.AddConfigEntry(kOrtSessionOptionsConfigLoadModelFormat, "ONNX");
  return options;
}

// Returns the first line of an error, "Load model from PATH failed:REASON", without the path.
std::string reason_of(const Ort::Exception& error) {
  constexpr std::string_view kBefore = " failed:";
  const std::string text = error.what();
  const std::string line = text.substr(0, text.find('\n'));
  const std::size_t place = line.find(kBefore);
  return line.rfind("Load model from ", 0) == 0 && place != std::string::npos ? line.substr(place + kBefore.size())
                                                                              : line;
}

// Returns the LibTorch type of the numbers that the model reads or returns.
torch::ScalarType number_type(const Ort::TypeInfo& info, const char* what) {
  if (info.GetONNXType() == ONNX_TYPE_TENSOR) {
    const ONNXTensorElementDataType type = info.GetTensorTypeAndShapeInfo().GetElementType();
    if (type == ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT) return torch::kFloat;
    if (type == ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT16) return torch::kHalf;
    if (type == ONNX_TENSOR_ELEMENT_DATA_TYPE_DOUBLE) return torch::kDouble;
  }
  throw std::runtime_error(std::string("its ") + what +
                           " does not consist of floating-point numbers: export a model that maps pixels to features, "
                           "in float32 or float16");
}

ONNXTensorElementDataType onnx_type(torch::ScalarType type) {
  if (type == torch::kHalf) return ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT16;
  return type == torch::kDouble ? ONNX_TENSOR_ELEMENT_DATA_TYPE_DOUBLE : ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT;
}

std::size_t output_index(const Ort::Session& session, const std::string& name) {
  const Ort::AllocatorWithDefaultOptions allocator;
  std::size_t index = 0;
  while (index < session.GetOutputCount() && session.GetOutputNameAllocated(index, allocator).get() != name) ++index;
  return index;
}

class OnnxRuntimeSession final : public Session {
 public:
  OnnxRuntimeSession(Ort::Session session, std::string input, std::string output)
      : session_(std::move(session)),
        input_(std::move(input)),
        output_(std::move(output)),
        input_type_(number_type(session_.GetInputTypeInfo(0), "input")),
        output_type_(number_type(session_.GetOutputTypeInfo(output_index(session_, output_)), "output")) {
    if (session_.GetInputCount() == 1) return;
    throw std::runtime_error("it has " + std::to_string(session_.GetInputCount()) +
                             " inputs: export a model whose only input is the image");
  }

  torch::Tensor run(const torch::Tensor& image) const override {
    const torch::Tensor numbers = image.to(input_type_);
    const auto memory = Ort::MemoryInfo::CreateCpu(OrtDeviceAllocator, OrtMemTypeDefault);
    const Ort::Value input = Ort::Value::CreateTensor(memory, numbers.data_ptr(), numbers.nbytes(),
                                                      numbers.sizes().data(), 4, onnx_type(input_type_));
    const char* input_name = input_.c_str();
    const char* output_name = output_.c_str();
    std::vector<Ort::Value> outputs = session_.Run(Ort::RunOptions(), &input_name, &input, 1, &output_name, 1);
    const auto count = static_cast<std::int64_t>(outputs.front().GetTensorTypeAndShapeInfo().GetElementCount());
    return at::from_blob(outputs.front().GetTensorMutableRawData(), {count}, output_type_)
        .to(torch::kFloat, /*non_blocking=*/false, /*copy=*/true);
  }

 private:
  mutable Ort::Session session_;
  std::string input_;
  std::string output_;
  torch::ScalarType input_type_;
  torch::ScalarType output_type_;
};

}  // namespace

std::unique_ptr<Session> open_session(const std::filesystem::path& path, const Graph& graph, const std::string& output,
                                      int /*threads*/) {
  const Quiet quiet;
  try {
    Ort::Session session(environment(), path.c_str(), options());
    return std::make_unique<OnnxRuntimeSession>(std::move(session), graph.input_name, output);
  } catch (const Ort::Exception& error) {
    throw std::runtime_error("ONNX Runtime cannot run it (" + reason_of(error) +
                             "): export it with operators and types of the ONNX standard");
  }
}

}  // namespace onnx_model
