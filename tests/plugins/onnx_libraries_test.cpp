// The encoder plugin `onnx` on models that ONNX Runtime runs, and OpenCV's older versions do not. The plugin was built
// with one of them.
#include <ATen/ops/arange.h>
#include <ATen/ops/empty.h>

#include <cmath>
#include <map>
#include <string_view>
#include <thread>

#include "formats/npy_writer.h"
#include "support/catch.h"
#include "support/files.h"
#include "support/onnx_file.h"
#include "support/plugins.h"
#include "support/problem.h"
#include "support/torch_files.h"
#include "trefoil/encoder.h"

using namespace tests;
using namespace tests::onnx_file;
using trefoil::Encoder;

namespace {

bool with_onnxruntime() {
  const auto* plugin = registry().find(trefoil::PluginKind::encoder, "onnx");
  return std::string_view(plugin->descriptor->summary).find("ONNX Runtime") != std::string_view::npos;
}

// An encoder of images [3, 8, 8] by a model of three features.
class LoadedModel {
 public:
  explicit LoadedModel(const std::string& model, const std::map<std::string, std::string>& more_files = {}) {
    folder_.write("model.onnx", model);
    for (const auto& [name, bytes] : more_files) folder_.write(name, bytes);
    trefoil::formats::write_npy(folder_ / "text.npy", normal_numbers({2, 3}, 1).to(torch::kFloat));
    plugin_ = make_plugin(trefoil::PluginKind::encoder, "onnx",
                          {{"model", (folder_ / "model.onnx").string()},
                           {"text_features", (folder_ / "text.npy").string()},
                           {"resolution", std::int64_t{8}}},
                          1);
    try {
      encoder().load(torch::kCPU);
    } catch (const std::runtime_error& error) {
      failure_ = error.what();
    }
  }

  Encoder& encoder() const { return dynamic_cast<Encoder&>(*plugin_); }
  const std::string& failure() const { return failure_; }

 private:
  TemporaryFolder folder_;
  std::unique_ptr<trefoil::Plugin> plugin_;
  std::string failure_;
};

// The features of a model that ONNX Runtime must run. OpenCV may run it, too, or refuse it with these words.
torch::Tensor features_or_refusal(const LoadedModel& loaded, const torch::Tensor& pixels, const std::string& words) {
  if (with_onnxruntime()) REQUIRE_THAT(loaded.failure(), Catch::Matchers::Equals(""));
  if (loaded.failure().empty()) return loaded.encoder().encode_images(pixels);
  REQUIRE_THAT(loaded.failure(), ContainsSubstring("model.onnx: " + words) &&
                                     ContainsSubstring(": export it with opset_version=16, in float32"));
  REQUIRE(loaded.failure().find('\n') == std::string::npos);
  return {};
}

std::string half_bytes(const std::vector<float>& values) {
  std::string bytes;
  for (const float value : values) {
    const c10::Half half(value);
    bytes += {static_cast<char>(half.x & 0xFFU), static_cast<char>(half.x >> 8U)};
  }
  return bytes;
}

// [1, 3, 8, 8] -> [1, 3]: the mean of each colour, times a float16 weight. The graph outside is of type `outer`.
std::string half_model(Type outer) {
  const auto cast = [](const std::string& input, const std::string& output, Type type) {
    const std::string to = field(1, std::string("to")) + field(3, std::uint64_t{type}) + field(20, std::uint64_t{2});
    return field(1, node("Cast", {input}, output) + field(5, to));
  };
  const std::string graph =
      cast("pixels", "halves", kHalf) + field(1, node("Mul", {"halves", "weight"}, "products")) +
      field(1, node("GlobalAveragePool", {"products"}, "means")) + field(1, node("Flatten", {"means"}, "flat")) +
      cast("flat", "features", outer) + field(5, weight("weight", {1, 3, 1, 1}, kHalf, half_bytes({0.5F, -2, 1.5F}))) +
      field(11, value_info("pixels", {1, 3, 8, 8}, outer)) + field(12, value_info("features", {1, 3}, outer));
  return model(graph, 17);
}

// A model of one operator on the pixels and one weight of three numbers, which are 0.
std::string model_with_weight(const std::string& operation, Type type) {
  const std::string values(type == kFloat ? 12 : 6, '\0');
  const std::string graph =
      field(1, node(operation, {"pixels", "weight"}, "features")) + field(5, weight("weight", {3}, type, values)) +
      field(11, value_info("pixels", {1, 3, 8, 8})) + field(12, value_info("features", {1, 3, 8, 8}));
  return model(graph, 17);
}

// [1, 3, 8, 8] -> [1, 3]: the mean of each colour, plus a weight whose values are in the file weight.bin.
std::string model_of_two_files() {
  const std::string tensor = field(1, std::uint64_t{3}) + field(2, std::uint64_t{kFloat}) +
                             field(8, std::string("weight")) + file_entry("weight.bin") + field(14, std::uint64_t{1});
  const std::string graph = field(1, node("GlobalAveragePool", {"pixels"}, "means")) +
                            field(1, node("Flatten", {"means"}, "flat")) +
                            field(1, node("Add", {"flat", "weight"}, "features")) + field(5, tensor) +
                            field(11, value_info("pixels", {1, 3, 8, 8})) + field(12, value_info("features", {1, 3}));
  return model(graph, 17);
}

torch::Tensor small_pixels(std::int64_t count) { return normal_numbers({count, 3, 8, 8}, 7).to(torch::kFloat); }

}  // namespace

TEST_CASE("LayerNormalization of opset 17 is computed, or refused with what to do", "[onnx]") {
  const std::vector<float> scale = {2, 0.5F, -1};
  const std::vector<float> bias = {0.25F, 1, 3};
  const std::string graph = field(1, node("GlobalAveragePool", {"pixels"}, "means")) +
                            field(1, node("Flatten", {"means"}, "flat")) +
                            field(1, node("LayerNormalization", {"flat", "scale", "bias"}, "features")) +
                            field(5, weight("scale", scale)) + field(5, weight("bias", bias)) +
                            field(11, value_info("pixels", {1, 3, 8, 8})) + field(12, value_info("features", {1, 3}));
  const LoadedModel loaded(model(graph, 17));
  const torch::Tensor pixels = small_pixels(4);
  const torch::Tensor features = features_or_refusal(loaded, pixels, "it has the operator LayerNormalization");
  if (!features.defined()) return;
  for (std::int64_t i = 0; i < pixels.size(0); ++i) {
    double means[3] = {};
    for (std::int64_t c = 0; c < 3; ++c) means[c] = pixels[i][c].to(torch::kDouble).mean().item<double>();
    const double centre = (means[0] + means[1] + means[2]) / 3;
    double variance = 0;
    for (const double mean : means) variance += (mean - centre) * (mean - centre) / 3;
    for (std::size_t c = 0; c < 3; ++c) {
      const double expected = (means[c] - centre) / std::sqrt(variance + 1e-5) * scale[c] + bias[c];
      REQUIRE(features[i][static_cast<std::int64_t>(c)].item<double>() == Approx(expected).epsilon(1e-4));
    }
  }
}

TEST_CASE("a graph in float16 is computed, or refused with what to do", "[onnx]") {
  // Every number here and every mean has an exact float16.
  torch::Tensor pixels = torch::empty({2, 3, 8, 8});
  for (std::int64_t i = 0; i < 2; ++i) {
    for (std::int64_t c = 0; c < 3; ++c) {
      for (std::int64_t k = 0; k < 64; ++k)
        pixels[i][c][k / 8][k % 8] = static_cast<double>(i + c) + (k % 2 == 0 ? 0.0 : 0.5);
    }
  }
  for (const Type outer : {kFloat, kHalf}) {
    CAPTURE(outer);
    const LoadedModel loaded(half_model(outer));
    const torch::Tensor features = features_or_refusal(loaded, pixels, "it has weights of type float16");
    if (!features.defined()) continue;
    REQUIRE(features.scalar_type() == torch::kFloat);
    const double weights[] = {0.5, -2, 1.5};
    for (std::int64_t i = 0; i < 2; ++i) {
      for (std::int64_t c = 0; c < 3; ++c)
        REQUIRE(features[i][c].item<double>() == weights[c] * (static_cast<double>(i + c) + 0.25));
    }
  }
}

TEST_CASE("features do not depend on how many threads call the encoder", "[onnx]") {
  const std::string graph = field(1, node("GlobalAveragePool", {"pixels"}, "means")) +
                            field(1, node("Flatten", {"means"}, "flat")) +
                            field(1, node("Softmax", {"flat"}, "features")) +
                            field(11, value_info("pixels", {1, 3, 8, 8})) + field(12, value_info("features", {1, 3}));
  const LoadedModel loaded(model(graph, 13));
  const torch::Tensor pixels = small_pixels(40);
  const torch::Tensor expected = loaded.encoder().encode_images(pixels);
  std::vector<torch::Tensor> parts(4);
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < parts.size(); ++t) {
    threads.emplace_back(
        [&, t] { parts[t] = loaded.encoder().encode_images(pixels.narrow(0, 10 * static_cast<std::int64_t>(t), 10)); });
  }
  for (std::thread& thread : threads) thread.join();
  for (std::size_t t = 0; t < parts.size(); ++t)
    REQUIRE(parts[t].equal(expected.narrow(0, 10 * static_cast<std::int64_t>(t), 10)));
}

TEST_CASE("tensor values in a file beside the model are read, or refused", "[onnx]") {
  const LoadedModel loaded(model_of_two_files(), {{"weight.bin", float_bytes({10, 20, 30})}});
  if (with_onnxruntime()) REQUIRE_THAT(loaded.failure(), Catch::Matchers::Equals(""));
  if (loaded.failure().empty()) {
    const torch::Tensor pixels = small_pixels(2);
    const torch::Tensor offsets = at::arange(10, 31, 10).to(torch::kFloat);
    REQUIRE(loaded.encoder().encode_images(pixels).allclose(pixels.mean({2, 3}) + offsets, 1e-5, 1e-5));
  } else {
    REQUIRE_THAT(loaded.failure(), ContainsSubstring("model.onnx: OpenCV cannot read"));
  }
  REQUIRE_THAT(LoadedModel(model_of_two_files()).failure(),
               ContainsSubstring("it has tensor values in the file 'weight.bin', which is not beside it"));
}

TEST_CASE("types and operators that cannot be run are named, in one line with the cure", "[onnx]") {
  const auto require_failure = [&](const std::string& model, const std::string& opencv, const std::string& runtime) {
    const std::string message = LoadedModel(model).failure();
    CAPTURE(message);
    if (with_onnxruntime()) {
      REQUIRE_THAT(message, ContainsSubstring("model.onnx: ONNX Runtime cannot run it (") &&
                                ContainsSubstring(runtime) && ContainsSubstring(": export it with "));
    } else {
      REQUIRE_THAT(message, ContainsSubstring("model.onnx: ") && ContainsSubstring(opencv) &&
                                ContainsSubstring(": export it with opset_version=16, in float32"));
    }
    REQUIRE(message.find('\n') == std::string::npos);
  };
  require_failure(model_with_weight("Mul", kHalf), "it has weights of type float16", "float16");
  require_failure(model_with_weight("Mul", kBFloat16), "it has weights of type bfloat16", "bfloat16");
  require_failure(model_with_weight("SomethingNew", kFloat), "SomethingNew", "SomethingNew");
}
