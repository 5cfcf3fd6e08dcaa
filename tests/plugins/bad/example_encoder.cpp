// A minimal encoder for tests of the host. The feature of an image is its mean colours in a grid of 4 x 4; the feature
// of a text is computed from its letters.
#include <ATen/ops/avg_pool2d.h>
#include <ATen/ops/zeros.h>
#include <trefoil/encoder.h>

#include <chrono>
#include <stdexcept>
#include <thread>

namespace {

constexpr trefoil::Parameter kParameters[] = {
    trefoil::parameter::required(trefoil::parameter::path("weights", "", "any file; its content is not used")),
    trefoil::parameter::integer("delay", 0, {0, 10000}, "milliseconds that a block of images takes"),
    trefoil::parameter::boolean("fail", false, "fail at the first block of images")};

class Example final : public trefoil::Encoder {
 public:
  explicit Example(const trefoil::Parameters& parameters)
      : delay_(parameters.integer("delay")), fail_(parameters.boolean("fail")) {}

  void load(torch::Device /*device*/) override { host().log(trefoil::LogLevel::info, "the example is loaded"); }

  std::int64_t width() const override { return kWidth; }

  trefoil::PixelFormat pixel_format() const override {
    trefoil::PixelFormat format;
    format.resolution = 32;
    return format;
  }

  torch::Tensor encode_images(const torch::Tensor& pixels) const override {
    if (fail_) throw std::runtime_error("as asked for");
    std::this_thread::sleep_for(delay_);
    return at::avg_pool2d(pixels, {8, 8}).flatten(1);
  }

  torch::Tensor encode_texts(const std::vector<std::string>& texts) const override {
    torch::Tensor features = torch::zeros({static_cast<std::int64_t>(texts.size()), kWidth});
    for (std::size_t i = 0; i < texts.size(); ++i) {
      for (std::size_t place = 0; place < texts[i].size(); ++place) {
        const auto letter = static_cast<unsigned char>(texts[i][place]);
        features[static_cast<std::int64_t>(i)][static_cast<std::int64_t>((7 * place + letter) % kWidth)] += 1;
      }
    }
    return features;
  }

 private:
  static constexpr std::int64_t kWidth = 48;  // 4 × 4 pixels of three colours

  std::chrono::milliseconds delay_;
  bool fail_;
};

}  // namespace

TREFOIL_ENCODER(Example, "example", "1.0.0", "Colours and letters", kParameters)
