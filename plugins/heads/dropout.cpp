// Trains a residual R of the class texts with dropout (Srivastava et al., JMLR 2014): each epoch sets a random part of
// each image's channels to 0, so that no class depends on a few channels. It minimises
//   mean_m −log softmax(s · (k_m ∘ f_m) (W + R)ᵀ)[label_m]      k_md = 1/(1−p) with probability 1−p, else 0
// by gradient descent with momentum; each step uses all images. The gradient is (s/M) (P − Y)ᵀ (k ∘ f).
#include <ATen/ops/empty.h>
#include <ATen/ops/zeros.h>
#include <ATen/ops/zeros_like.h>
#include <trefoil/head.h>

#include <cmath>
#include <random>
#include <stdexcept>

namespace {

constexpr trefoil::Parameter kParameters[] = {
    trefoil::parameter::real("rate", 0.5, {0, 0.99}, "p, fraction of each image's channels that an epoch drops"),
    trefoil::parameter::searched(
        trefoil::parameter::integer("epochs", 50, {1, 1e6}, "number of gradient steps; each uses all images"),
        {10, 100, 3, false}),
    trefoil::parameter::real("lr", 1e-3, {0, 1e3}, "learning rate of the first step; it falls to 0 along a cosine"),
};

constexpr double kMomentum = 0.9;

class Dropout final : public trefoil::Head {
 public:
  explicit Dropout(const trefoil::Parameters& parameters) : parameters_(parameters) {}

  trefoil::Classifier train(const trefoil::Classifier& start, const trefoil::Support& support,
                            const trefoil::Channels& /*channels*/) const override {
    if (start.custom_logits)
      throw std::invalid_argument(
          "it cannot train this relation: its logits come from code (custom_logits), not from its texts");
    if (support.image_count() == 0) throw std::invalid_argument("there are no support images to learn from");
    std::mt19937_64 generator(host().seed());
    torch::Tensor text = start.text.clone();  // a clone, because the host shares its tensors
    torch::Tensor velocity = torch::zeros_like(text);
    const std::int64_t epochs = parameters_.integer("epochs");
    for (std::int64_t epoch = 0; epoch < epochs; ++epoch) {
      const double pi = std::acos(-1.0);
      const double lr =
          parameters_.real("lr") * 0.5 * (1 + std::cos(pi * static_cast<double>(epoch) / static_cast<double>(epochs)));
      velocity.mul_(kMomentum).add_(gradient(text, start.logit_scale, support, generator));
      text.sub_(velocity * lr);
      host().progress(epoch + 1, epochs);
    }
    host().metric("moved", (text - start.text).norm().item<double>());
    trefoil::Classifier trained = start;
    trained.text = text;
    return trained;
  }

 private:
  // Returns the gradient [C, D] of the loss by the text.
  torch::Tensor gradient(const torch::Tensor& text, double scale, const trefoil::Support& support,
                         std::mt19937_64& generator) const {
    const torch::Tensor features = support.images * mask(support.images, generator);
    torch::Tensor error = (features.matmul(text.t()) * scale).softmax(/*dim=*/1);  // P, then P − Y
    const torch::Tensor own = support.labels.unsqueeze(1);
    error.scatter_add_(/*dim=*/1, own, torch::zeros_like(own, text.options()) - 1);
    return error.t().matmul(features) * (scale / static_cast<double>(support.image_count()));
  }

  // Returns [M, D] of 0 and 1/(1−p). The distributions of <random> differ between standard libraries, so the uniform
  // number is computed from the generator's bits.
  torch::Tensor mask(const torch::Tensor& like, std::mt19937_64& generator) const {
    const double rate = parameters_.real("rate");
    torch::Tensor mask = torch::empty(like.sizes(), torch::kDouble);
    auto* value = mask.data_ptr<double>();
    for (std::int64_t i = 0; i < mask.numel(); ++i)
      value[i] = static_cast<double>(generator() >> 11U) * 0x1p-53 < rate ? 0 : 1 / (1 - rate);
    return mask.to(like.scalar_type());
  }

  trefoil::Parameters parameters_;
};

}  // namespace

TREFOIL_HEAD(Dropout, "dropout", "1.0.0", "Trains a residual of the texts with dropout", kParameters)
