// my_encoder: computes features of images and texts in a common space.
//
// Replace this example by your own network. Read its weights in `load`, from a file that a parameter of type path names
// (trefoil::parameter::path). The example's feature of an image is its mean colours in a grid of 8 x 8 fields; the
// feature of a text is the sum of pseudo-random vectors of its words.
#include <ATen/ops/adaptive_avg_pool2d.h>
#include <ATen/ops/zeros.h>
#include <trefoil/encoder.h>

#include <random>
#include <sstream>

namespace {

constexpr std::int64_t kFields = 8;
constexpr std::int64_t kWidth = 3 * kFields * kFields;

class MyEncoder final : public trefoil::Encoder {
 public:
  void load(torch::Device device) override { device_ = device; }
  std::int64_t width() const override { return kWidth; }
  trefoil::PixelFormat pixel_format() const override { return {/*resolution=*/64}; }

  // Returns features [n, D] of pixels [n, 3, R, R]. Several threads call it at the same time.
  torch::Tensor encode_images(const torch::Tensor& pixels) const override {
    const torch::Tensor fields = at::adaptive_avg_pool2d(pixels.to(device_), {kFields, kFields});
    return fields.flatten(/*start_dim=*/1).to(torch::kCPU);
  }

  // Returns features [n, D] of n texts.
  torch::Tensor encode_texts(const std::vector<std::string>& texts) const override {
    torch::Tensor features = torch::zeros({static_cast<std::int64_t>(texts.size()), kWidth});
    for (std::size_t i = 0; i < texts.size(); ++i) {
      std::istringstream words(texts[i]);
      for (std::string word; words >> word;) add_word(word, features[static_cast<std::int64_t>(i)]);
    }
    return features;
  }

 private:
  static void add_word(const std::string& word, const torch::Tensor& feature) {
    std::seed_seq seed(word.begin(), word.end());
    std::mt19937 generator(seed);
    for (std::int64_t d = 0; d < kWidth; ++d) feature.data_ptr<float>()[d] += (generator() & 1U) != 0 ? 1.0F : -1.0F;
  }

  torch::Device device_ = torch::kCPU;
};

}  // namespace

TREFOIL_ENCODER(MyEncoder, "my_encoder", "1.0.0", "Colours of images and words of texts")
