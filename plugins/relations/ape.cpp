// APE's three-way relation of test image f, text W and cached images F (Zhu et al., ICCV 2023). A prime means:
// restricted to the selected channels.
//   logits = s · f Wᵀ + α · exp(−β (1 − f' F'ᵀ)) · diag(exp(γ · div)) · L
// div is the divergence of a cached image from the text of its class: the Kullback-Leibler divergence between its
// one-hot label and softmax(F' W'ᵀ).
#include <ATen/ops/empty.h>
#include <trefoil/relation.h>

#include <algorithm>
#include <cmath>

#include "parameters.h"

namespace {

constexpr trefoil::Parameter kParameters[] = {
    relations::kAlpha,
    relations::kBeta,
    trefoil::parameter::real("gamma", 0.1, {0, 1e3},
                             "γ, effect of a cached image's divergence from its class text on its weight"),
    relations::kLogitScale,
    trefoil::parameter::boolean("renormalise", true,
                                "whether to scale features to unit length again after channel selection"),
    trefoil::parameter::choice(
        "kl_direction", "label_text|text_label",
        "div = KL(label ‖ text) as in APE's code, or KL(text ‖ label) as in the printed formula"),
    trefoil::parameter::choice("log_base", "2|e", "base of the logarithm in div: 2 (bits) or e (nats)"),
    trefoil::parameter::choice("sign", "plus|minus", "sign of γ div in the weight: exp(+γ div) or exp(−γ div)"),
    trefoil::parameter::real("temperature", 1, {0, 1e6}, "factor on F' W'ᵀ before the softmax"),
};

constexpr double kEpsilon = 1e-6;  // added to both arguments of the divergence, as in APE's code

class Ape final : public trefoil::Relation {
 public:
  explicit Ape(const trefoil::Parameters& parameters) : parameters_(parameters) {}

  trefoil::Classifier relate(const trefoil::Support& support, const trefoil::Channels& channels) const override {
    const torch::Tensor keys = selected(support.images, channels);
    trefoil::Classifier classifier;
    classifier.text = support.text;
    classifier.keys = keys;
    classifier.labels = support.labels;
    classifier.channels = channels.index;
    classifier.renormalise = parameters_.boolean("renormalise");
    classifier.divergence = divergence(keys, selected(support.text, channels), support.labels);
    classifier.logit_scale = parameters_.real("logit_scale");
    classifier.alpha = parameters_.real("alpha");
    classifier.beta = parameters_.real("beta");
    classifier.gamma = parameters_.real("gamma");
    return classifier;
  }

 private:
  torch::Tensor selected(const torch::Tensor& rows, const trefoil::Channels& channels) const {
    const torch::Tensor kept = trefoil::restrict_to(rows, channels);
    return parameters_.boolean("renormalise") ? trefoil::unit_rows(kept) : kept;
  }

  // Returns the signed divergence [M] of keys [M, Q], given text [C, Q] and labels [M]. Works in blocks of keys,
  // because the probabilities [M, C] can be large.
  torch::Tensor divergence(const torch::Tensor& keys, const torch::Tensor& text, const torch::Tensor& labels) const {
    constexpr std::int64_t kBlock = 1024;
    const double unit = parameters_.text("log_base") == "2" ? std::log(2.0) : 1.0;
    const double sign = parameters_.text("sign") == "plus" ? 1.0 : -1.0;
    torch::Tensor result = torch::empty({keys.size(0)}, keys.options());
    for (std::int64_t first = 0; first < keys.size(0); first += kBlock) {
      const std::int64_t last = std::min(first + kBlock, keys.size(0));
      const torch::Tensor similarity =
          keys.slice(0, first, last).matmul(text.t()).mul_(parameters_.real("temperature"));
      const torch::Tensor block = divergence_in_nats(similarity.softmax(/*dim=*/1), labels.slice(0, first, last));
      result.slice(0, first, last).copy_(block * (sign / unit));
    }
    return result;
  }

  // Returns the divergence [m], given probability [m, C] and labels [m].
  torch::Tensor divergence_in_nats(const torch::Tensor& probability, const torch::Tensor& labels) const {
    const torch::Tensor own = probability.gather(/*dim=*/1, labels.unsqueeze(1)).squeeze(1);
    if (parameters_.text("kl_direction") == "label_text") {
      return std::log1p(kEpsilon) - (own + kEpsilon).log();  // the other classes have label 0 and add nothing
    }
    // Σ_c p_c log((p_c + ε) / (L_c + ε)), where L_c is 1 for the own class and 0 for the others.
    const torch::Tensor entropy_part = (probability * (probability + kEpsilon).log()).sum(1);
    const torch::Tensor others = probability.sum(1) - own;
    return entropy_part - own * std::log1p(kEpsilon) - others * std::log(kEpsilon);
  }

  trefoil::Parameters parameters_;
};

}  // namespace

TREFOIL_RELATION(Ape, "ape", "1.0.0", "Relates image, texts and cached images in the selected channels (APE)",
                 kParameters)
