// The encoder plugin `onnx`, on a model that this test writes.
#include <ATen/ops/arange.h>
#include <ATen/ops/zeros.h>

#include "formats/npy_writer.h"
#include "support/catch.h"
#include "support/files.h"
#include "support/onnx_file.h"
#include "support/plugins.h"
#include "trefoil/encoder.h"

using namespace tests;
using namespace tests::onnx_file;
using trefoil::Encoder;

namespace {

// A model that computes the mean of each colour: [1, 3, 8, 8] -> [1, 3].
std::string colour_model() {
  const std::string graph = field(1, node("GlobalAveragePool", {"pixels"}, "means")) +
                            field(1, node("Flatten", {"means"}, "features")) +
                            field(11, value_info("pixels", {1, 3, 8, 8})) + field(12, value_info("features", {1, 3}));
  return model(graph, 11);
}

// A model with the outputs "map" [1, 3, 4, 4] (the largest of each field of 2 x 2), `first` [1, 3] (the mean of each
// colour in the map) and `second`, which is twice as large.
std::string model_of_three_outputs(const std::string& first, const std::string& second) {
  const auto sides = [](const std::string& name) {
    return field(
        5, field(1, name) + field(8, std::uint64_t{2}) + field(8, std::uint64_t{2}) + field(20, std::uint64_t{7}));
  };
  const std::string pool = node("MaxPool", {"pixels"}, "map") + sides("kernel_shape") + sides("strides");
  const std::string graph = field(1, pool) + field(1, node("GlobalAveragePool", {"map"}, "means")) +
                            field(1, node("Flatten", {"means"}, first)) +
                            field(1, node("Add", {first, first}, second)) +
                            field(11, value_info("pixels", {1, 3, 8, 8})) + field(12, value_info("map", {1, 3, 4, 4})) +
                            field(12, value_info(first, {1, 3})) + field(12, value_info(second, {1, 3}));
  return model(graph, 11);
}

// An encoder for the model in this file, with the class features of two classes.
std::unique_ptr<trefoil::Plugin> encoder_of(const std::filesystem::path& model, std::int64_t width = 3,
                                            const std::string& output = "") {
  const std::filesystem::path text = std::filesystem::path(model).replace_filename("text.npy");
  trefoil::formats::write_npy(text, torch::arange(2 * width).view({2, width}).to(torch::kFloat));
  return make_plugin(trefoil::PluginKind::encoder, "onnx",
                     {{"model", model.string()},
                      {"text_features", text.string()},
                      {"output", output},
                      {"resolution", std::int64_t{8}}},
                     1);
}

std::unique_ptr<trefoil::Plugin> make_onnx_encoder(const TemporaryFolder& folder, const std::string& model,
                                                   std::int64_t width = 3, const std::string& output = "") {
  return encoder_of(folder.write("model.onnx", model), width, output);
}

std::string failure_of(trefoil::Plugin& plugin) {
  try {
    dynamic_cast<Encoder&>(plugin).load(torch::kCPU);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "";
}

std::string load_failure(const TemporaryFolder& folder, const std::string& model, const std::string& output = "") {
  return failure_of(*make_onnx_encoder(folder, model, 3, output));
}

}  // namespace

TEST_CASE("an ONNX model may not name a file in another folder", "[onnx]") {
  const TemporaryFolder folder;
  const auto require_refused = [&](const std::string& model, const std::string& file) {
    REQUIRE_THAT(load_failure(folder, model),
                 ContainsSubstring("model.onnx: it refers to tensor values in another folder ('" + file));
  };
  for (const char* file : {"/etc/passwd", "../secret.bin", ".."}) {
    CAPTURE(file);
    const std::string tensor = weight("w", {4}, kFloat, "") + file_entry(file) + field(14, std::uint64_t{1});
    const std::string attribute = field(1, std::string("value")) + field(5, tensor);
    const std::string constant = node("Constant", {}, "w") + field(5, attribute);
    const std::string branch = field(1, std::string("then_branch")) + field(6, field(1, constant));
    require_refused(colour_model() + field(7, field(5, tensor)), file);
    require_refused(colour_model() + field(7, field(1, constant)), file);
    require_refused(colour_model() + field(7, field(1, node("If", {"w"}, "x") + field(5, branch))), file);
    require_refused(colour_model() + field(7, field(15, field(1, tensor))), file);
    require_refused(colour_model() + field(25, field(7, constant)), file);
  }
}

TEST_CASE("a link beside an ONNX model may not lead to another folder", "[onnx]") {
  const TemporaryFolder folder;
  const TemporaryFolder elsewhere;
  const auto model_with = [](const std::string& file) {
    return colour_model() + field(7, field(5, weight("w", {4}, kFloat, "") + file_entry(file)));
  };
  elsewhere.write("secret.bin", std::string(16, '\0'));
  folder.write("values.bin", std::string(16, '\0'));
  std::filesystem::create_symlink(elsewhere / "secret.bin", folder / "outside.bin");
  std::filesystem::create_symlink(folder / "values.bin", folder / "inside.bin");
  REQUIRE_THAT(load_failure(folder, model_with("outside.bin")), ContainsSubstring("another folder ('outside.bin')"));
  REQUIRE_THAT(load_failure(folder, model_with("inside.bin")), !ContainsSubstring("another folder"));
  // In the cache of Hugging Face, the model and its values are links into one other folder.
  elsewhere.write("blob", model_with("outside.bin"));
  std::filesystem::create_directory(folder / "snapshot");
  std::filesystem::create_symlink(elsewhere / "blob", folder / "snapshot/model.onnx");
  std::filesystem::create_symlink(elsewhere / "secret.bin", folder / "snapshot/outside.bin");
  REQUIRE_THAT(failure_of(*encoder_of(folder / "snapshot/model.onnx")), !ContainsSubstring("another folder"));
}

TEST_CASE("the file of a tensor is found in any spelling of its entry", "[onnx]") {
  const TemporaryFolder folder;
  folder.write("inside.bin", std::string(16, '\0'));
  const std::string key = field(1, std::string("location"));
  const std::string inside = field(2, std::string("inside.bin"));
  const std::string outside = field(2, std::string("../outside.bin"));
  for (const std::string& entry :
       {outside + key, key + inside + outside, key + outside + inside, key + outside + field(1, std::uint64_t{0}),
        key + outside + field(2, std::uint64_t{0})}) {
    const std::string tensor = weight("w", {4}, kFloat, "") + field(13, entry);
    REQUIRE_THAT(load_failure(folder, colour_model() + field(7, field(5, tensor))),
                 ContainsSubstring("another folder ('../outside.bin')"));
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

TEST_CASE("damaged ONNX files are refused", "[onnx]") {
  const TemporaryFolder folder;
  const std::string sound = colour_model();
  for (const std::string& damaged : {std::string(), std::string("no model"), sound.substr(0, 40),
                                     "\x3a\xff\xff\xff\xff\xff\xff\xff\xff\xff" + sound, std::string(64, '\xff')}) {
    REQUIRE_THAT(load_failure(folder, damaged),
                 ContainsSubstring("model.onnx: it is not an ONNX model, or it is damaged: export it again"));
  }
}

TEST_CASE("a model that is no file is refused", "[onnx]") {
  const TemporaryFolder folder;
  std::filesystem::create_symlink("/dev/zero", folder / "model.onnx");
  REQUIRE_THAT(failure_of(*encoder_of(folder / "model.onnx")),
               ContainsSubstring("model.onnx: the file cannot be read"));
}

TEST_CASE("images of another size than the model's are refused", "[onnx]") {
  const TemporaryFolder folder;
  const auto with_input = [](const std::vector<std::uint64_t>& shape, const std::string& more) {
    const std::string graph = field(1, node("GlobalAveragePool", {"pixels"}, "means")) +
                              field(1, node("Flatten", {"means"}, "features")) + more +
                              field(11, value_info("pixels", shape)) + field(12, value_info("features", {1, 3}));
    return model(graph, 11);
  };
  REQUIRE_THAT(load_failure(folder, with_input({1, 3, 16, 16}, "")),
               ContainsSubstring("model.onnx: it accepts images of 16 x 16 pixels, but encoder.resolution is 8: set "
                                 "encoder.resolution = 16"));
  REQUIRE(load_failure(folder, with_input({1, 3, 8, 8}, "")).empty());
  // Older files list the weights among the inputs.
  const std::string unused = weight("weight", {1, 1, 2, 3}, kFloat, std::string(24, '\0'));
  const std::string listed = field(5, unused) + field(11, value_info("weight", {1, 1, 2, 3}));
  REQUIRE(load_failure(folder, with_input({1, 3, 8, 8}, listed)).empty());
}

TEST_CASE("class features of another width than the model's are refused", "[onnx]") {
  const TemporaryFolder folder;
  const auto wide = make_onnx_encoder(folder, colour_model(), 4);
  auto& encoder = dynamic_cast<Encoder&>(*wide);
  encoder.load(torch::kCPU);
  REQUIRE_THROWS_WITH(encoder.encode_images(torch::zeros({1, 3, 8, 8})), ContainsSubstring("3 values for an image"));
}
