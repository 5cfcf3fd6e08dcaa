// Gaussian discriminant analysis, without training. The discriminant is added to the logits of the classifier it starts
// from: logits = start + α · discriminant. See whitening/gaussian.h for the discriminant without a prior. With the
// prior of the texts (whitening/text_prior.h), it is the logarithm of the density up to a constant, with covariance Σ =
// t T⁻²:
//   discriminant = ((f − g) T · μ_c − ½ ‖μ_c‖²) / t
#include <trefoil/head.h>

#include <stdexcept>

#include "../shared/feature_noise.h"
#include "whitening/gaussian.h"
#include "whitening/text_prior.h"

namespace {

using whitening::Linear;

constexpr trefoil::Parameter kParameters[] = {
    trefoil::parameter::searched(
        trefoil::parameter::real("alpha", 0.03, {0, 1e6},
                                 "α_G, weight of the Gaussian's logits against those of the relation"),
        {0.0025, 0.64, 17, true}),
    trefoil::parameter::choice("prior", "none|text",
                               "what is known of a class mean besides its images: nothing, or what the texts say"),
};

Linear discriminant_with_text_prior(const trefoil::Support& support, const whitening::Scatter& scatter) {
  constexpr double kShrinkage = 0.5;  // ε of the covariance, as in the head whitened
  const whitening::FeatureNoise noise = whitening::estimate(scatter, kShrinkage);
  const torch::Tensor means = whitening::means_with_text_prior(support.text, scatter, noise).means;
  const torch::Tensor weight = means.mm(noise.transform);
  return {weight / noise.variance, (weight.mv(noise.centre) + means.square().sum(1) * 0.5) / -noise.variance};
}

class Gda final : public trefoil::Head {
 public:
  explicit Gda(const trefoil::Parameters& parameters)
      : alpha_(parameters.real("alpha")), has_prior_(parameters.text("prior") == "text") {}

  trefoil::Classifier train(const trefoil::Classifier& start, const trefoil::Support& support,
                            const trefoil::Channels& /*channels*/) const override {
    refuse_custom(start);
    const whitening::Scatter scatter = whitening::measure(support, support.images, support.labels);
    if (!scatter.has_pairs) {
      host().log(trefoil::LogLevel::info,
                 "each class has one image at most: the scatter is estimated from the distances of images from their "
                 "texts");
    }
    const Linear gaussian = has_prior_ ? discriminant_with_text_prior(support, scatter)
                                       : whitening::discriminant(whitening::gaussian_of(support, scatter));
    const double scale = start.logit_scale > 0 ? start.logit_scale : 1;
    trefoil::Classifier classifier = start;
    classifier.logit_scale = scale;
    classifier.text =
        start.text * (start.logit_scale / scale) + (gaussian.weight * (alpha_ / scale)).to(start.text.scalar_type());
    const torch::Tensor bias = (gaussian.bias * alpha_).to(start.text.scalar_type());
    classifier.bias = start.bias.defined() ? start.bias + bias : bias;
    return classifier;
  }

  // With a prior, or if the scatter depends on a single image, the host trains without the images that it leaves out.
  torch::Tensor leave_one_out(const trefoil::Classifier& start, const trefoil::Support& support,
                              const trefoil::Channels& /*channels*/) const override {
    refuse_custom(start);
    if (has_prior_) return {};
    const whitening::Scatter scatter = whitening::measure(support, support.images, support.labels);
    if (!scatter.has_pairs) return {};
    const torch::Tensor discriminant = whitening::discriminant_without_own(whitening::gaussian_of(support, scatter));
    if (!discriminant.defined()) return {};
    const torch::Tensor of_text = support.images.mm(start.text.t()) * start.logit_scale;
    const torch::Tensor base = start.bias.defined() ? of_text + start.bias : of_text;
    return base + (discriminant * alpha_).to(base.scalar_type());
  }

 private:
  static void refuse_custom(const trefoil::Classifier& start) {
    if (start.custom_logits) {
      throw std::invalid_argument("it cannot be added to this relation: its logits come from code (custom_logits)");
    }
  }

  double alpha_;
  bool has_prior_;
};

}  // namespace

TREFOIL_HEAD(Gda, "gda", "1.0.0", "Adds the logits of Gaussian discriminant analysis, without training", kParameters)
