// Kernel ridge regression around zero-shot CLIP, without training (ProKeR: Bendou et al., CVPR 2025):
//   logits = s (f Wᵀ + λ k(f, F) (K + λI)⁻¹ (L − F Wᵀ)),   k(f, f') = exp(−β (1 − f·f')),   K = k(F, F)
// L are the one-hot labels. The regression predicts what the texts leave of the labels. It compares all channels and
// ignores the selection. Everything is computed in float64.
#include <ATen/ops/cholesky_solve.h>
#include <ATen/ops/eye.h>
#include <ATen/ops/linalg_cholesky.h>
#include <ATen/ops/linalg_solve_triangular.h>
#include <ATen/ops/one_hot.h>
#include <trefoil/relation.h>

#include "parameters.h"

namespace {

// β is not called `beta`, because another β needs other values (K + λI)⁻¹ (L − F Wᵀ). A parameter of the name `beta` is
// a field of the classifier, which a search changes alone.
constexpr trefoil::Parameter kParameters[] = {
    trefoil::parameter::searched(
        trefoil::parameter::real("sharpness", 2, {0, 1e6},
                                 "β, sharpness of the kernel: how fast the affinity of two images falls"),
        {0.5, 8, 3, true}),
    trefoil::parameter::searched(
        trefoil::parameter::real("lambda", 0.1, {1e-6, 1e6},
                                 "λ, weight of the ridge penalty, and factor on the regression"),
        {0.025, 0.4, 3, true}),
    relations::kLogitScale,
};

// float64
struct Regression {
  torch::Tensor labels;           // [M, C]  L
  torch::Tensor text_similarity;  // [M, C]  F Wᵀ
  torch::Tensor target;           // [M, C]  L − F Wᵀ
  torch::Tensor factor;           // [M, M]  lower Cholesky factor of K + λI
  torch::Tensor values;           // [M, C]  (K + λI)⁻¹ target
};

class KernelRidge final : public trefoil::Relation {
 public:
  explicit KernelRidge(const trefoil::Parameters& parameters)
      : beta_(parameters.real("sharpness")),
        lambda_(parameters.real("lambda")),
        logit_scale_(parameters.real("logit_scale")) {}

  trefoil::Classifier relate(const trefoil::Support& support, const trefoil::Channels& /*channels*/) const override {
    trefoil::Classifier classifier;
    classifier.text = support.text;
    classifier.logit_scale = logit_scale_;
    if (support.image_count() == 0) return classifier;
    classifier.keys = support.images;
    classifier.labels = support.labels;
    classifier.values = regression(support).values.to(support.text.scalar_type());
    classifier.alpha = logit_scale_ * lambda_;
    classifier.beta = beta_;
    return classifier;
  }

  // Without image i, the regression predicts its target y_i as y_i − (G y)_i / G_ii, where G = (K + λI)⁻¹ (Rasmussen
  // and Williams, Gaussian Processes for Machine Learning, 2006, equation 5.12). It is linear in y, so the same holds
  // for the labels of the image's class alone, whose part is multiplied by the gain.
  torch::Tensor leave_one_out(const trefoil::Support& support, const torch::Tensor& own_gain) const override {
    const Regression all = regression(support);
    const torch::Tensor root = torch::linalg_solve_triangular(
        all.factor, torch::eye(support.image_count(), all.factor.options()), /*upper=*/false);  // G = rootᵀ root
    const torch::Tensor diagonal = root.square().sum(0);                                        // G_ii [M]
    const torch::Tensor root_of_own = root.mm(all.labels).index_select(1, support.labels);
    const torch::Tensor own_part = 1 - (root * root_of_own).sum(0) / diagonal;  // [M]
    torch::Tensor predicted = all.target - all.values / diagonal.unsqueeze(1);
    predicted.scatter_add_(1, support.labels.unsqueeze(1), (own_part * (own_gain - 1)).unsqueeze(1));
    return (all.text_similarity + predicted * lambda_) * logit_scale_;
  }

 private:
  Regression regression(const trefoil::Support& support) const {
    const torch::Tensor images = support.images.to(torch::kDouble);
    Regression result;
    result.text_similarity = images.mm(support.text.to(torch::kDouble).t());
    result.labels = torch::one_hot(support.labels, support.class_count()).to(torch::kDouble);
    result.target = result.labels - result.text_similarity;
    torch::Tensor kernel = images.mm(images.t()).sub_(1).mul_(beta_).exp_();  // K, then K + λI
    kernel.diagonal().add_(lambda_);
    result.factor = torch::linalg_cholesky(kernel);
    result.values = torch::cholesky_solve(result.target, result.factor);
    return result;
  }

  double beta_;
  double lambda_;
  double logit_scale_;
};

}  // namespace

TREFOIL_RELATION(KernelRidge, "kernel_ridge", "1.0.0",
                 "Kernel ridge regression on the cached images, around zero-shot CLIP (ProKeR)", kParameters)
