#include "trefoil/classifier.h"

#include <ATen/ops/equal.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <array>

#include "runtime/affinity.h"
#include "trefoil/support.h"

namespace trefoil {

namespace {

// Adds column m of kernel [Rows, M] times weight[m] to column label[m] of sums [Rows, C]. Several rows are added
// together: the keys of one class follow one another, so the additions within a row wait for each other, but those of
// different rows do not.
template <std::int64_t Rows, typename Scalar>
void add_rows_by_class(const Scalar* kernel, const Scalar* weight, const std::int64_t* label, std::int64_t key_count,
                       Scalar* sums, std::int64_t class_count) {
  for (std::int64_t m = 0; m < key_count; ++m) {
    for (std::int64_t row = 0; row < Rows; ++row)
      sums[row * class_count + label[m]] += kernel[row * key_count + m] * weight[m];
  }
}

// Adds the columns of kernel [n, M], each times its weight, to the columns of their classes in sums [n, C]. This takes
// n·M operations. The dense product with the one-hot labels would take n·M·C.
template <typename Scalar>
void add_by_class(const torch::Tensor& kernel, const torch::Tensor& weight, const torch::Tensor& labels,
                  torch::Tensor& sums) {
  constexpr std::int64_t kRows = 8;
  const std::int64_t keys = kernel.size(1);
  const std::int64_t classes = sums.size(1);
  const auto* from = kernel.data_ptr<Scalar>();
  const auto* factor = weight.data_ptr<Scalar>();
  const auto* label = labels.data_ptr<std::int64_t>();
  auto* sum = sums.data_ptr<Scalar>();
  std::int64_t n = 0;
  for (; n + kRows <= kernel.size(0); n += kRows)
    add_rows_by_class<kRows>(from + n * keys, factor, label, keys, sum + n * classes, classes);
  for (; n < kernel.size(0); ++n)
    add_rows_by_class<1>(from + n * keys, factor, label, keys, sum + n * classes, classes);
}

// Returns exp(−β (1 − cosine)) [n, M].
torch::Tensor kernel_of(const torch::Tensor& cosines, double beta) { return cosines.sub(1).mul_(beta).exp_(); }

// Returns Σ_m weight_m · kernel_m · value_m [n, C].
torch::Tensor cache_sums(const torch::Tensor& kernel, const Classifier& classifier) {
  const torch::Tensor weight = effective_weight(classifier);
  if (classifier.values.defined()) return (kernel * weight).matmul(classifier.values);
  torch::Tensor sums = torch::zeros({kernel.size(0), classifier.class_count()}, kernel.options());
  if (!kernel.is_cpu()) return sums.index_add_(/*dim=*/1, classifier.labels, kernel * weight);
  const auto add = kernel.scalar_type() == torch::kDouble ? add_by_class<double> : add_by_class<float>;
  add(kernel.contiguous(), weight.contiguous(), classifier.labels.contiguous(), sums);
  return sums;
}

// Whether the logits have a cache term. Without keys, or with α = 0, they have only the text term.
bool uses_cache(const Classifier& classifier, const Similarities& similarities) {
  return similarities.cosines.defined() && classifier.alpha != 0;
}

torch::Tensor key_cosines(const Classifier& classifier, const torch::Tensor& query) {
  torch::Tensor kept = classifier.channels.defined() ? query.index_select(1, classifier.channels) : query;
  if (classifier.renormalise) kept = unit_rows(kept);
  return kept.matmul(classifier.keys.t());
}

torch::Tensor moved(const torch::Tensor& tensor, torch::Device device) {
  return tensor.defined() ? tensor.to(device) : tensor;
}

bool same(const torch::Tensor& a, const torch::Tensor& b) {
  return a.defined() == b.defined() && (!a.defined() || a.is_same(b) || torch::equal(a, b));
}

constexpr std::array kTensors = {&Classifier::text,       &Classifier::bias,    &Classifier::keys,
                                 &Classifier::labels,     &Classifier::values,  &Classifier::weight,
                                 &Classifier::divergence, &Classifier::channels};

}  // namespace

Similarities similarities(const Classifier& classifier, const torch::Tensor& query, bool with_keys) {
  Similarities result{query.matmul(classifier.text.t()).mul_(classifier.logit_scale), {}};
  if (classifier.bias.defined()) result.text.add_(classifier.bias);
  if (with_keys && classifier.key_count() > 0) result.cosines = key_cosines(classifier, query);
  return result;
}

torch::Tensor FamilyLogits::of(const Classifier& classifier) {
  if (!uses_cache(classifier, similarities_)) return similarities_.text;
  if (beta_ != classifier.beta) {
    kernel_ = kernel_of(similarities_.cosines, classifier.beta);
    beta_ = classifier.beta;
    gamma_.reset();
  }
  if (gamma_ != classifier.gamma) {
    sums_ = cache_sums(kernel_, classifier);
    gamma_ = classifier.gamma;
  }
  return similarities_.text + sums_ * classifier.alpha;
}

bool differ_in_cache_hyperparameters_only(const Classifier& a, const Classifier& b) {
  return !a.custom_logits && !b.custom_logits && a.renormalise == b.renormalise && a.logit_scale == b.logit_scale &&
         std::all_of(kTensors.begin(), kTensors.end(), [&](auto field) { return same(a.*field, b.*field); });
}

torch::Tensor Classifier::logits(const torch::Tensor& query) const {
  if (custom_logits) return custom_logits(*this, query);
  return FamilyLogits(similarities(*this, query, alpha != 0)).of(*this);
}

Classifier Classifier::to(torch::Device device) const {
  Classifier result = *this;
  for (const auto field : kTensors) {
    result.*field = moved(this->*field, device);
  }
  return result;
}

torch::Tensor effective_weight(const Classifier& classifier) {
  torch::Tensor weight = classifier.weight.defined() ? classifier.weight
                                                     : torch::ones({classifier.key_count()}, classifier.keys.options());
  if (classifier.divergence.defined() && classifier.gamma != 0) {
    weight = weight * (classifier.divergence * classifier.gamma).exp();
  }
  return weight;
}

}  // namespace trefoil
