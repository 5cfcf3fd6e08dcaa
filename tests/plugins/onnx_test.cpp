// The encoder plugin `onnx`, on a model that this test writes.
#include <ATen/ops/arange.h>
#include <ATen/ops/zeros.h>

#include "formats/npy_writer.h"
#include "support/catch.h"
#include "support/files.h"
#include "support/plugins.h"
#include "trefoil/encoder.h"

using namespace tests;
using trefoil::Encoder;

namespace {

// Pieces of a protocol buffer (developers.google.com/protocol-buffers/docs/encoding).
std::string varint(std::uint64_t number) {
  std::string bytes;
  for (; number >= 128; number >>= 7U) bytes += static_cast<char>((number & 127U) | 128U);
  return bytes + static_cast<char>(number);
}
std::string field(int tag, std::uint64_t number) {
  return varint(static_cast<std::uint64_t>(tag) << 3U) + varint(number);
}
std::string field(int tag, const std::string& bytes) {
  return varint(static_cast<std::uint64_t>(tag) << 3U | 2U) + varint(bytes.size()) + bytes;
}

// The field numbers are those of onnx.proto (github.com/onnx/onnx).
std::string value_info(const std::string& name, const std::vector<std::uint64_t>& shape) {
  std::string dimensions;
  for (const std::uint64_t size : shape) dimensions += field(1, field(1, size));
  return field(1, name) + field(2, field(1, field(1, std::uint64_t{1}) + field(2, dimensions)));
}
std::string node(const std::string& type, const std::string& input, const std::string& output) {
  return field(1, input) + field(2, output) + field(3, type) + field(4, type);
}

// A model that computes the mean of each colour: [1, 3, 8, 8] -> [1, 3].
std::string colour_model() {
  const std::string graph = field(1, node("GlobalAveragePool", "pixels", "means")) +
                            field(1, node("Flatten", "means", "features")) + field(2, std::string("colours")) +
                            field(11, value_info("pixels", {1, 3, 8, 8})) + field(12, value_info("features", {1, 3}));
  return field(1, std::uint64_t{7}) + field(7, graph) + field(8, field(1, std::string()) + field(2, std::uint64_t{11}));
}

// A model with the outputs "map" [1, 3, 4, 4] (the largest of each field of 2 x 2), `first` [1, 3] (the mean of each
// colour in the map) and `second`, which is twice as large.
std::string model_of_three_outputs(const std::string& first, const std::string& second) {
  const auto sides = [](const std::string& name) {
    return field(
        5, field(1, name) + field(8, std::uint64_t{2}) + field(8, std::uint64_t{2}) + field(20, std::uint64_t{7}));
  };
  const std::string pool = node("MaxPool", "pixels", "map") + sides("kernel_shape") + sides("strides");
  const std::string sum = field(1, first) + node("Add", first, second);
  const std::string graph = field(1, pool) + field(1, node("GlobalAveragePool", "map", "means")) +
                            field(1, node("Flatten", "means", first)) + field(1, sum) +
                            field(2, std::string("outputs")) + field(11, value_info("pixels", {1, 3, 8, 8})) +
                            field(12, value_info("map", {1, 3, 4, 4})) + field(12, value_info(first, {1, 3})) +
                            field(12, value_info(second, {1, 3}));
  return field(1, std::uint64_t{7}) + field(7, graph) + field(8, field(1, std::string()) + field(2, std::uint64_t{11}));
}

// A model of one operator and one weight of three values. The type of the weight is a number of TensorProto.DataType.
std::string model_with_weight(const std::string& type, std::uint64_t weight_type, const std::string& values) {
  const std::string weight =
      field(1, std::uint64_t{3}) + field(2, weight_type) + field(8, std::string("weight")) + field(9, values);
  const std::string graph = field(1, node(type, "pixels", "features") + field(1, std::string("weight"))) +
                            field(2, std::string("weighted")) + field(5, weight) +
                            field(11, value_info("pixels", {1, 3, 8, 8})) +
                            field(12, value_info("features", {1, 3, 8, 8}));
  return field(1, std::uint64_t{7}) + field(7, graph) + field(8, field(1, std::string()) + field(2, std::uint64_t{17}));
}

std::unique_ptr<trefoil::Plugin> make_onnx_encoder(const TemporaryFolder& folder, const std::string& model,
                                                   std::int64_t width = 3, const std::string& output = "") {
  folder.write("model.onnx", model);
  trefoil::formats::write_npy(folder / "text.npy", torch::arange(2 * width).view({2, width}).to(torch::kFloat));
  return make_plugin(trefoil::PluginKind::encoder, "onnx",
                     {{"model", (folder / "model.onnx").string()},
                      {"text_features", (folder / "text.npy").string()},
                      {"output", output},
                      {"resolution", std::int64_t{8}}},
                     1);
}

std::string load_failure(const TemporaryFolder& folder, const std::string& model, const std::string& output = "") {
  const auto plugin = make_onnx_encoder(folder, model, 3, output);
  try {
    dynamic_cast<Encoder&>(*plugin).load(torch::kCPU);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("an ONNX model may not name a file in another folder", "[onnx]") {
  const TemporaryFolder folder;
  for (const char* file : {"/etc/passwd", "../secret.bin", ".."}) {
    CAPTURE(file);
    const std::string place = field(13, field(1, std::string("location")) + field(2, std::string(file)));
    const std::string graph =
        field(5, field(1, std::uint64_t{4}) + field(2, std::uint64_t{1}) + place + field(14, std::uint64_t{1}));
    const auto plugin = make_onnx_encoder(folder, colour_model() + field(7, graph));
    REQUIRE_THROWS_WITH(dynamic_cast<Encoder&>(*plugin).load(torch::kCPU),
                        ContainsSubstring("another folder ('" + std::string(file)));
  }
}

TEST_CASE("an ONNX model encodes images", "[onnx]") {
  const TemporaryFolder folder;
  const auto plugin = make_onnx_encoder(folder, colour_model());
  auto& encoder = dynamic_cast<Encoder&>(*plugin);
  encoder.load(torch::kCPU);
  REQUIRE(encoder.width() == 3);
  const torch::Tensor pixels = torch::arange(5 * 3 * 64).view({5, 3, 8, 8}).to(torch::kFloat) / 64;
  REQUIRE(encoder.encode_images(pixels).allclose(pixels.mean({2, 3})));
  REQUIRE(encoder.class_features({"dog", "cat"})[1][0].item<double>() == 3);
  REQUIRE_THROWS_WITH(encoder.encode_texts({"dog"}), ContainsSubstring("text_features"));
  REQUIRE_THROWS_WITH(encoder.load(torch::kCUDA), ContainsSubstring("CPU only"));
}

TEST_CASE("a batch has the features of its images", "[onnx]") {
  const TemporaryFolder folder;
  const auto plugin = make_onnx_encoder(folder, model_of_three_outputs("image_embeds", "other"));
  auto& encoder = dynamic_cast<Encoder&>(*plugin);
  encoder.load(torch::kCPU);
  const torch::Tensor pixels = (torch::arange(7 * 3 * 64) * 37 % 101).view({7, 3, 8, 8}).to(torch::kFloat);
  const torch::Tensor together = encoder.encode_images(pixels);
  for (std::int64_t i = 0; i < 7; ++i) {
    REQUIRE(encoder.encode_images(pixels.narrow(0, i, 1)).equal(together.narrow(0, i, 1)));
  }
  REQUIRE(encoder.encode_images(pixels.narrow(0, 0, 0)).sizes() == at::IntArrayRef({0, 3}));
}

TEST_CASE("of several outputs, the parameter or the name image_embeds decides", "[onnx]") {
  const TemporaryFolder folder;
  const torch::Tensor pixels = (torch::arange(2 * 3 * 64) * 37 % 101).view({2, 3, 8, 8}).to(torch::kFloat);
  const torch::Tensor means = pixels.view({2, 3, 4, 2, 4, 2}).amax({3, 5}).mean({2, 3});
  const auto features = [&](const std::string& first, const std::string& second, const std::string& output) {
    const auto plugin = make_onnx_encoder(folder, model_of_three_outputs(first, second), 3, output);
    auto& encoder = dynamic_cast<Encoder&>(*plugin);
    encoder.load(torch::kCPU);
    return encoder.encode_images(pixels);
  };
  REQUIRE(features("image_embeds", "other", "").allclose(means));
  REQUIRE(features("other", "image_embeds", "").allclose(2 * means));
  REQUIRE(features("image_embeds", "other", "other").allclose(2 * means));
  REQUIRE(features("a", "b", "a").allclose(means));
  REQUIRE_THROWS_WITH(features("a", "b", "map"), ContainsSubstring("its output 'map' has 48 values for an image"));
  REQUIRE_THAT(load_failure(folder, model_of_three_outputs("a", "b")),
               ContainsSubstring("model.onnx: it has 3 outputs: set encoder.output to the one with the image features: "
                                 "map, a, b"));
  REQUIRE_THAT(load_failure(folder, model_of_three_outputs("a", "b"), "c"),
               ContainsSubstring("it has no output 'c': set encoder.output") && ContainsSubstring("map, a, b"));
}

TEST_CASE("types and operators that OpenCV cannot read are named, in one line with the cure", "[onnx]") {
  const TemporaryFolder folder;
  const auto require_failure = [&](const std::string& model, const std::string& words) {
    const std::string message = load_failure(folder, model);
    REQUIRE_THAT(message, ContainsSubstring("model.onnx: ") && ContainsSubstring(words) &&
                              ContainsSubstring(": export it with opset_version=16, in float32"));
    REQUIRE(message.find('\n') == std::string::npos);
  };
  require_failure(model_with_weight("Mul", 10, std::string(6, '\0')), "it has weights of type float16");
  require_failure(model_with_weight("Mul", 16, std::string(6, '\0')), "it has weights of type bfloat16");
  // OpenCV knows this operator from a later version on.
  const std::string normalised =
      load_failure(folder, model_with_weight("LayerNormalization", 1, std::string(12, '\0')));
  if (!normalised.empty()) {
    REQUIRE_THAT(normalised, ContainsSubstring("it has the operator LayerNormalization") &&
                                 ContainsSubstring("export it with opset_version=16"));
  }
  require_failure(model_with_weight("SomethingNew", 1, std::string(12, '\0')), "SomethingNew");
}

TEST_CASE("damaged ONNX files are refused", "[onnx]") {
  const TemporaryFolder folder;
  const std::string sound = colour_model();
  for (const std::string& damaged : {std::string(), std::string("no model"), sound.substr(0, 40),
                                     "\x3a\xff\xff\xff\xff\xff\xff\xff\xff\xff" + sound, std::string(64, '\xff')}) {
    REQUIRE_THAT(load_failure(folder, damaged),
                 ContainsSubstring("model.onnx: it is not an ONNX model, or it is damaged: export it again"));
  }
}

TEST_CASE("images of another size than the model's are refused", "[onnx]") {
  const TemporaryFolder folder;
  const auto with_input = [](const std::vector<std::uint64_t>& shape, const std::string& more) {
    const std::string graph = field(1, node("GlobalAveragePool", "pixels", "means")) +
                              field(1, node("Flatten", "means", "features")) + field(2, std::string("colours")) + more +
                              field(11, value_info("pixels", shape)) + field(12, value_info("features", {1, 3}));
    return field(1, std::uint64_t{7}) + field(7, graph) +
           field(8, field(1, std::string()) + field(2, std::uint64_t{11}));
  };
  REQUIRE_THAT(load_failure(folder, with_input({1, 3, 16, 16}, "")),
               ContainsSubstring("model.onnx: it accepts images of 16 x 16 pixels, but encoder.resolution is 8: set "
                                 "encoder.resolution = 16"));
  REQUIRE(load_failure(folder, with_input({1, 3, 8, 8}, "")).empty());
  // Older files list the weights among the inputs.
  const std::string weight = field(1, std::uint64_t{1}) + field(2, std::uint64_t{1}) + field(8, std::string("weight")) +
                             field(9, std::string(4, '\0'));
  const std::string listed = field(5, weight) + field(11, value_info("weight", {1, 3, 99, 99}));
  REQUIRE(load_failure(folder, with_input({1, 3, 8, 8}, listed)).empty());
}

TEST_CASE("class features of another width than the model's are refused", "[onnx]") {
  const TemporaryFolder folder;
  const auto wide = make_onnx_encoder(folder, colour_model(), 4);
  auto& encoder = dynamic_cast<Encoder&>(*wide);
  encoder.load(torch::kCPU);
  REQUIRE_THROWS_WITH(encoder.encode_images(torch::zeros({1, 3, 8, 8})), ContainsSubstring("3 values for an image"));
}
