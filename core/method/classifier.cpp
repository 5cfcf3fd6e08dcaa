#include "trefoil/classifier.h"

#include <ATen/ops/ones.h>
#include <ATen/ops/zeros.h>

#include "method/affinity.h"
#include "trefoil/support.h"

namespace trefoil {

namespace {

// Adds affinity [n, M], column m to class labels[m], into sums [n, C]. The dense product with the one-hot labels would
// cost n·M·C; this costs n·M.
template <typename Scalar>
void add_by_class(const torch::Tensor& affinity, const torch::Tensor& labels, torch::Tensor& sums) {
  const std::int64_t key_count = affinity.size(1);
  const std::int64_t class_count = sums.size(1);
  const auto* row = affinity.data_ptr<Scalar>();
  const auto* label = labels.data_ptr<std::int64_t>();
  auto* sum = sums.data_ptr<Scalar>();
  for (std::int64_t n = 0; n < affinity.size(0); ++n, row += key_count, sum += class_count) {
    for (std::int64_t m = 0; m < key_count; ++m) sum[label[m]] += row[m];
  }
}

torch::Tensor sum_by_class(const torch::Tensor& affinity, const torch::Tensor& labels, std::int64_t class_count) {
  torch::Tensor sums = torch::zeros({affinity.size(0), class_count}, affinity.options());
  if (!affinity.is_cpu()) {
    return sums.index_add_(/*dim=*/1, labels, affinity);
  }
  if (affinity.scalar_type() == torch::kDouble) {
    add_by_class<double>(affinity.contiguous(), labels.contiguous(), sums);
  } else {
    add_by_class<float>(affinity.contiguous(), labels.contiguous(), sums);
  }
  return sums;
}

torch::Tensor key_cosines(const Classifier& classifier, const torch::Tensor& query) {
  torch::Tensor kept = classifier.channels.defined() ? query.index_select(1, classifier.channels) : query;
  if (classifier.renormalise) kept = unit_rows(kept);
  return kept.matmul(classifier.keys.t());
}

torch::Tensor cache_logits(const Classifier& classifier, const torch::Tensor& cosines) {
  torch::Tensor affinity = cosines.sub(1).mul_(classifier.beta).exp_();  // exp(−β (1 − f'·key))
  affinity.mul_(effective_weight(classifier));
  return sum_by_class(affinity, classifier.labels, classifier.class_count()).mul_(classifier.alpha);
}

torch::Tensor moved(const torch::Tensor& tensor, torch::Device device) {
  return tensor.defined() ? tensor.to(device) : tensor;
}

}  // namespace

Similarities similarities(const Classifier& classifier, const torch::Tensor& query, bool with_keys) {
  Similarities result{query.matmul(classifier.text.t()).mul_(classifier.logit_scale), {}};
  if (classifier.bias.defined()) result.text.add_(classifier.bias);
  if (with_keys && classifier.key_count() > 0) result.cosines = key_cosines(classifier, query);
  return result;
}

torch::Tensor logits(const Classifier& classifier, const Similarities& similarities) {
  if (!similarities.cosines.defined() || classifier.alpha == 0) return similarities.text;
  return similarities.text + cache_logits(classifier, similarities.cosines);
}

torch::Tensor Classifier::logits(const torch::Tensor& query) const {
  if (custom_logits) return custom_logits(*this, query);
  return trefoil::logits(*this, similarities(*this, query, alpha != 0));
}

Classifier Classifier::to(torch::Device device) const {
  Classifier result = *this;
  for (torch::Tensor Classifier::*field : {&Classifier::text, &Classifier::bias, &Classifier::keys, &Classifier::labels,
                                           &Classifier::weight, &Classifier::divergence, &Classifier::channels}) {
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
