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
bool has_int8() { return __builtin_cpu_supports("avx512vnni") != 0; }

// The reduced precisions that this processor computes, with the least cosine of their features with those of float32.
std::vector<std::pair<std::string, double>> reduced_precisions() {
  std::vector<std::pair<std::string, double>> precisions;
  if (has_bfloat16()) precisions.emplace_back("bfloat16", 0.9995);
  if (has_int8()) precisions.emplace_back("int8", 0.999);
  return precisions;
}

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

torch::Tensor noise(std::int64_t images) { return normal_numbers({images, 3, 32, 32}, 5).to(torch::kFloat); }

double least_cosine(const torch::Tensor& a, const torch::Tensor& b) {
  const torch::Tensor products = (a * b).sum(1) / (a.norm(2, {1}) * b.norm(2, {1}));
  return products.min().item<double>();
}

}  // namespace

TEST_CASE("a reduced precision gives nearly the features of float32, and not the same ones", "[clip]") {
  for (const auto& [precision, cosine] : reduced_precisions()) {
    CAPTURE(precision);
    const TemporaryFolder folder;
    const PreciseClip exact(folder, "float32");
    const PreciseClip rounded(folder, precision);
    const torch::Tensor images = rounded->encode_images(noise(6));
    REQUIRE(least_cosine(images, exact->encode_images(noise(6))) > cosine);
    REQUIRE_FALSE(images.equal(exact->encode_images(noise(6))));
    const std::vector<std::string> texts = {"a photo of a dog", "a cat!", "dog"};
    REQUIRE(least_cosine(rounded->encode_texts(texts), exact->encode_texts(texts)) > cosine);
  }
}

TEST_CASE("a feature in a reduced precision does not depend on the others of the call, to the bit", "[clip]") {
  for (const auto& [precision, cosine] : reduced_precisions()) {
    const TemporaryFolder folder;
    const PreciseClip clip(folder, precision);
    const torch::Tensor pixels = noise(19);
    const torch::Tensor together = clip->encode_images(pixels);
    for (const std::int64_t size : {1, 3, 16}) {
      std::vector<torch::Tensor> parts;
      for (std::int64_t first = 0; first < pixels.size(0); first += size)
        parts.push_back(clip->encode_images(pixels.narrow(0, first, std::min(size, pixels.size(0) - first))));
      CAPTURE(precision, size);
      REQUIRE(at::cat(parts).equal(together));
    }
  }
}

TEST_CASE("a precision that cannot be computed here is refused", "[clip]") {
  const TemporaryFolder folder;
  REQUIRE_THROWS_WITH(PreciseClip(folder, "float16"), ContainsSubstring("needs --device cuda"));
  if (has_int8()) {
    REQUIRE_THROWS_WITH(PreciseClip(folder, "int8", "plain"), ContainsSubstring("encoder.kernels = \"packed\""));
  } else {
    REQUIRE_THROWS_WITH(PreciseClip(folder, "int8"), ContainsSubstring("AVX512_VNNI"));
  }
  if (!has_bfloat16()) {
    REQUIRE_THROWS_WITH(PreciseClip(folder, "bfloat16"), ContainsSubstring("AVX512_BF16"));
  } else {
    REQUIRE_THROWS_WITH(PreciseClip(folder, "bfloat16", "plain"), ContainsSubstring("encoder.kernels = \"packed\""));
  }
}

TEST_CASE("auto chooses a precision for the processor, and says which", "[clip]") {
  const TemporaryFolder folder;
  const std::string expected = has_bfloat16() ? "bfloat16" : "float32";
  const PreciseClip chosen(folder, "auto");
  const PreciseClip named(folder, expected);
  REQUIRE(chosen->variant(torch::kCPU) == "precision " + expected);
  REQUIRE(chosen->variant(torch::kCUDA) == "precision float16");
  REQUIRE(named->variant(torch::kCPU).empty());
  REQUIRE(chosen->encode_images(noise(3)).equal(named->encode_images(noise(3))));
  REQUIRE(PreciseClip(folder, "auto", "plain")->variant(torch::kCPU) == "precision float32");
}
