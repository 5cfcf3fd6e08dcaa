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

std::unique_ptr<trefoil::Plugin> make_onnx_encoder(const TemporaryFolder& folder, const std::string& model,
                                                   std::int64_t width = 3) {
  folder.write("model.onnx", model);
  trefoil::formats::write_npy(folder / "text.npy", torch::arange(2 * width).view({2, width}).to(torch::kFloat));
  return make_plugin(trefoil::PluginKind::encoder, "onnx",
                     {{"model", (folder / "model.onnx").string()},
                      {"text_features", (folder / "text.npy").string()},
                      {"resolution", std::int64_t{8}}},
                     1);
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

TEST_CASE("a file that is no ONNX model, and class features of another width, are refused", "[onnx]") {
  const TemporaryFolder folder;
  const auto damaged = make_onnx_encoder(folder, "no model");
  REQUIRE_THROWS_WITH(dynamic_cast<Encoder&>(*damaged).load(torch::kCPU),
                      ContainsSubstring("model.onnx: OpenCV cannot read it as an ONNX model"));
  const auto wide = make_onnx_encoder(folder, colour_model(), 4);
  auto& encoder = dynamic_cast<Encoder&>(*wide);
  encoder.load(torch::kCPU);
  REQUIRE_THROWS_WITH(encoder.encode_images(torch::zeros({1, 3, 8, 8})), ContainsSubstring("3 values for an image"));
}
