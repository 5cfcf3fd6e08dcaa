// The encoder plugin `clip` on small synthetic models: formats, kernels and errors.
#include <ATen/ops/allclose.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/full.h>
#include <ATen/ops/ones.h>

#include "support/catch.h"
#include "support/clip_model.h"
#include "support/files.h"
#include "support/plugins.h"
#include "support/problem.h"
#include "trefoil/encoder.h"

using namespace tests;
using trefoil::Encoder;

namespace {

// A loaded encoder and its files.
class Loaded {
 public:
  Loaded(const std::filesystem::path& weights, const std::filesystem::path& vocabulary, const std::string& kernels)
      : plugin_(make_plugin(trefoil::PluginKind::encoder, "clip",
                            {{"weights", weights.string()}, {"vocabulary", vocabulary.string()}, {"kernels", kernels}},
                            1)) {
    dynamic_cast<Encoder&>(*plugin_).load(torch::kCPU);
  }

  const Encoder* operator->() const { return &dynamic_cast<const Encoder&>(*plugin_); }

 private:
  std::unique_ptr<trefoil::Plugin> plugin_;
};

torch::Tensor some_pixels(std::int64_t images) { return normal_numbers({images, 3, 32, 32}, 5).to(torch::kFloat); }

const std::vector<std::string> kTexts = {"a photo of a dog", "", "a cat!",
                                         "a far longer text than sixteen tokens allow", "dog"};

std::string failure(const std::filesystem::path& weights, const std::filesystem::path& vocabulary) {
  try {
    const Loaded loaded(weights, vocabulary, "packed");
  } catch (const std::exception& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("a state dictionary of torch.save is read, of a checkpoint and from several GPUs too", "[clip]") {
  const TemporaryFolder folder;
  const auto vocabulary = write_clip_vocabulary(folder / "words");
  write_tensors(folder / "open.safetensors", small_vit());
  const Loaded expected(folder / "open.safetensors", vocabulary, "packed");
  const torch::Tensor pixels = some_pixels(2);
  for (const char* prefix : {"", "module.", "state_dict.", "state_dict.module."}) {
    CAPTURE(prefix);
    for (const NamedTensors& tensors : {small_vit(), as_hugging_face(small_vit())}) {
      write_state_dictionary(folder / "saved.bin", tensors, prefix);
      const Loaded loaded(folder / "saved.bin", vocabulary, "packed");
      REQUIRE(loaded->encode_images(pixels).equal(expected->encode_images(pixels)));
      REQUIRE(loaded->encode_texts(kTexts).equal(expected->encode_texts(kTexts)));
    }
  }
}

TEST_CASE("the same weights in three formats give the same features", "[clip]") {
  const TemporaryFolder folder;
  const auto vocabulary = write_clip_vocabulary(folder / "words");
  write_tensors(folder / "open.safetensors", small_vit());
  write_tensors(folder / "face.safetensors", as_hugging_face(small_vit()));
  write_archive(folder / "openai.pt", small_vit());
  const Loaded first(folder / "open.safetensors", vocabulary, "packed");
  REQUIRE(first->width() == 32);
  REQUIRE(first->pixel_format().resolution == 32);
  for (const char* file : {"face.safetensors", "openai.pt"}) {
    CAPTURE(file);
    const Loaded other(folder / file, vocabulary, "packed");
    REQUIRE(other->encode_images(some_pixels(3)).equal(first->encode_images(some_pixels(3))));
    REQUIRE(other->encode_texts(kTexts).equal(first->encode_texts(kTexts)));
  }
}

TEST_CASE("packed kernels compute what the plain ones do", "[clip]") {
  const TemporaryFolder folder;
  const auto vocabulary = write_clip_vocabulary(folder / "words");
  write_tensors(folder / "vit.safetensors", small_vit());
  write_tensors(folder / "resnet.safetensors", small_resnet());
  for (const char* file : {"vit.safetensors", "resnet.safetensors"}) {
    CAPTURE(file);
    const Loaded packed(folder / file, vocabulary, "packed");
    const Loaded plain(folder / file, vocabulary, "plain");
    const torch::Tensor images = plain->encode_images(some_pixels(5));
    REQUIRE(images.abs().mean().item<double>() > 0.1);
    REQUIRE(at::allclose(packed->encode_images(some_pixels(5)), images, 1e-4, 1e-4));
    REQUIRE(at::allclose(packed->encode_texts(kTexts), plain->encode_texts(kTexts), 1e-4, 1e-4));
  }
}

TEST_CASE("a feature does not depend on the others of the call, to the bit", "[clip]") {
  const TemporaryFolder folder;
  const auto vocabulary = write_clip_vocabulary(folder / "words");
  write_tensors(folder / "vit.safetensors", small_vit());
  write_tensors(folder / "resnet.safetensors", small_resnet());
  for (const char* file : {"vit.safetensors", "resnet.safetensors"}) {
    const Loaded clip(folder / file, vocabulary, "packed");
    const torch::Tensor pixels = some_pixels(16);
    const torch::Tensor together = clip->encode_images(pixels);
    for (const std::int64_t count : {1, 2, 7}) {
      CAPTURE(file, count);
      REQUIRE(clip->encode_images(pixels.narrow(0, 3, count)).equal(together.narrow(0, 3, count)));
    }
    const torch::Tensor texts = clip->encode_texts(kTexts);
    for (std::size_t i = 0; i < kTexts.size(); ++i) {
      REQUIRE(clip->encode_texts({kTexts[i]})[0].equal(texts[static_cast<std::int64_t>(i)]));
    }
  }
}

TEST_CASE("tokens are padded with zeros, and a long text is cut at its end token", "[clip]") {
  const TemporaryFolder folder;
  const auto vocabulary = write_clip_vocabulary(folder / "words");
  write_tensors(folder / "vit.safetensors", small_vit());
  const Loaded clip(folder / "vit.safetensors", vocabulary, "packed");
  const torch::Tensor tokens = clip->tokens({"", kTexts[3]});
  REQUIRE(tokens.sizes() == at::IntArrayRef({2, 16}));
  REQUIRE(tokens[0][0].item<int>() == 512);
  REQUIRE(tokens[0][1].item<int>() == 513);
  REQUIRE(tokens[0].narrow(0, 2, 14).eq(0).all().item<bool>());
  REQUIRE(tokens[1][15].item<int>() == 513);
}

TEST_CASE("weights that are not those of a CLIP model are refused with the tensor's name", "[clip]") {
  const TemporaryFolder folder;
  const auto vocabulary = write_clip_vocabulary(folder / "words");
  const auto failure_of = [&](const NamedTensors& tensors) {
    write_tensors(folder / "changed.safetensors", tensors);
    return failure(folder / "changed.safetensors", vocabulary);
  };
  NamedTensors tensors = small_vit();
  tensors.erase("visual.ln_post.bias");
  REQUIRE_THAT(failure_of(tensors), ContainsSubstring("the tensor 'visual.ln_post.bias' is missing"));
  tensors = small_vit();
  tensors["surplus"] = torch::ones({2});
  REQUIRE_THAT(failure_of(tensors), ContainsSubstring("1 tensor does not belong to a CLIP model: surplus"));
  tensors = small_vit();
  tensors["ln_final.weight"] = torch::ones({65});
  REQUIRE_THAT(failure_of(tensors),
               ContainsSubstring("the tensor 'ln_final.weight' has the shape [65], expected [64]"));
  tensors = small_vit();
  tensors["ln_final.weight"] = torch::full({64}, NAN);
  REQUIRE_THAT(failure_of(tensors), ContainsSubstring("'ln_final.weight' holds a NaN"));
  tensors = small_vit();
  tensors["ln_final.weight"] = torch::ones({64}, torch::kLong);
  REQUIRE_THAT(failure_of(tensors), ContainsSubstring("'ln_final.weight' is of type Long"));
  NamedTensors face = as_hugging_face(small_vit());
  face.erase("text_model.encoder.layers.1.self_attn.k_proj.bias");
  REQUIRE_THAT(failure_of(face),
               ContainsSubstring("the tensor 'text_model.encoder.layers.1.self_attn.k_proj.bias' is missing"));
}

TEST_CASE("files that are no weights are refused with their path", "[clip]") {
  const TemporaryFolder folder;
  const auto vocabulary = write_clip_vocabulary(folder / "words");
  write_archive(folder / "openai.pt", small_vit());
  write_tensors(folder / "whole.safetensors", small_vit());
  const std::string archive = read(folder / "openai.pt");
  const std::string tensors = read(folder / "whole.safetensors");
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"", "the file is empty"},
      {"weights", "neither a file of torch.save or torch.jit.save nor a .safetensors file"},
      {std::string("\x80\x02}q", 4), "a Python pickle"},
      {archive.substr(0, archive.size() / 2), "cut short, damaged, or not a zip file"},
      {tensors.substr(0, tensors.size() - 100), "bytes that are not in the file"},
      {tensors.substr(0, 200), "cut short"}};
  for (const auto& [content, words] : cases) {
    CAPTURE(words);
    const auto file = folder.write("bad.pt", content);
    REQUIRE_THAT(failure(file, vocabulary), ContainsSubstring(file.string()) && ContainsSubstring(words));
  }
  REQUIRE_THAT(failure(folder / "nowhere.pt", vocabulary), ContainsSubstring("there is no such file"));
  REQUIRE_THAT(failure(folder / "whole.safetensors", folder / "nowhere"), ContainsSubstring("no such file"));
}
