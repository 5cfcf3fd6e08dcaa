// The encoder `clip` in reduced precision on the CPU.
#include <ATen/ops/cat.h>

#include "support/catch.h"
#include "support/clip_model.h"
#include "support/files.h"
#include "support/plugins.h"
#include "support/problem.h"
#include "trefoil/encoder.h"

using namespace tests;
using trefoil::Encoder;

namespace {

bool has_bfloat16() { return __builtin_cpu_supports("avx512bf16") != 0; }

// The small ViT in a precision.
class PreciseClip {
 public:
  PreciseClip(const TemporaryFolder& folder, const std::string& precision, const std::string& kernels = "packed") {
    const auto vocabulary = write_clip_vocabulary(folder / "words");
    write_tensors(folder / "vit.safetensors", small_vit());
    plugin_ = make_plugin(trefoil::PluginKind::encoder, "clip",
                          {{"weights", (folder / "vit.safetensors").string()},
                           {"vocabulary", vocabulary.string()},
                           {"kernels", kernels},
                           {"precision", precision}},
                          1);
    dynamic_cast<Encoder&>(*plugin_).load(torch::kCPU);
  }

  const Encoder* operator->() const { return &dynamic_cast<const Encoder&>(*plugin_); }

 private:
  std::unique_ptr<trefoil::Plugin> plugin_;
};

torch::Tensor noise(std::int64_t images) {
  return normal_numbers(images * 3 * 32 * 32, 5).view({images, 3, 32, 32}).to(torch::kFloat);
}

double least_cosine(const torch::Tensor& a, const torch::Tensor& b) {
  const torch::Tensor products = (a * b).sum(1) / (a.norm(2, {1}) * b.norm(2, {1}));
  return products.min().item<double>();
}

}  // namespace

TEST_CASE("bfloat16 gives nearly the features of float32, and not the same ones", "[clip]") {
  if (!has_bfloat16()) return;
  const TemporaryFolder folder;
  const PreciseClip exact(folder, "float32");
  const PreciseClip rounded(folder, "bfloat16");
  const torch::Tensor images = rounded->encode_images(noise(6));
  REQUIRE(least_cosine(images, exact->encode_images(noise(6))) > 0.999);
  REQUIRE_FALSE(images.equal(exact->encode_images(noise(6))));
  const std::vector<std::string> texts = {"a photo of a dog", "a cat!", "dog"};
  REQUIRE(least_cosine(rounded->encode_texts(texts), exact->encode_texts(texts)) > 0.999);
}

TEST_CASE("a feature in bfloat16 does not depend on the others of the call, to the bit", "[clip]") {
  if (!has_bfloat16()) return;
  const TemporaryFolder folder;
  const PreciseClip clip(folder, "bfloat16");
  const torch::Tensor pixels = noise(19);
  const torch::Tensor together = clip->encode_images(pixels);
  for (const std::int64_t size : {1, 3, 16}) {
    std::vector<torch::Tensor> parts;
    for (std::int64_t first = 0; first < pixels.size(0); first += size)
      parts.push_back(clip->encode_images(pixels.narrow(0, first, std::min(size, pixels.size(0) - first))));
    CAPTURE(size);
    REQUIRE(at::cat(parts).equal(together));
  }
}

TEST_CASE("a precision that cannot be computed here is refused", "[clip]") {
  const TemporaryFolder folder;
  REQUIRE_THROWS_WITH(PreciseClip(folder, "float16"), ContainsSubstring("needs --device cuda"));
  if (!has_bfloat16()) {
    REQUIRE_THROWS_WITH(PreciseClip(folder, "bfloat16"), ContainsSubstring("AVX512_BF16"));
  } else {
    REQUIRE_THROWS_WITH(PreciseClip(folder, "bfloat16", "plain"), ContainsSubstring("encoder.kernels = \"packed\""));
  }
}
