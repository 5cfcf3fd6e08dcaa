// A minimal encoder: it shows that the kind can be written and listed.
#include <ATen/ops/zeros.h>
#include <trefoil/encoder.h>

namespace {

constexpr trefoil::Parameter kParameters[] = {
    trefoil::parameter::required(trefoil::parameter::path("weights", "", "the network"))};

class Example final : public trefoil::Encoder {
 public:
  std::int64_t width() const override { return 3; }
  std::int64_t resolution() const override { return 8; }
  torch::Tensor encode_images(const torch::Tensor& pixels) const override { return pixels.mean({2, 3}); }
  torch::Tensor encode_texts(const std::vector<std::string>& texts) const override {
    return torch::zeros({static_cast<std::int64_t>(texts.size()), 3});
  }
};

}  // namespace

TREFOIL_ENCODER(Example, "example", "1.0.0", "Averages colours", kParameters)
