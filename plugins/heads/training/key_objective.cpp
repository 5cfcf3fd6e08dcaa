#include "key_objective.h"

#include <ATen/ops/empty.h>

#include <algorithm>

#include "key_row.h"
#include "own_keys.h"
#include "scalar.h"

namespace head_training {

KeyObjective::KeyObjective(const trefoil::Classifier& start, const Examples& examples, bool masked,
                           parallel::Workers& workers, std::int64_t fixed_terms_bytes)
    : start_(start),
      examples_(examples),
      fixed_terms_(FixedTermsSource(start, examples, CacheTerms::none, masked, workers.count()), examples, workers,
                   fixed_terms_bytes),
      weight_(trefoil::effective_weight(start) * start.alpha) {
  start_.labels = start.labels.contiguous();
  if (masked) gain_ = own_class_gain(start.labels, start.class_count()).to(start.text.scalar_type());
  for (int worker = 0; worker < workers.count(); ++worker) {
    scratch_.push_back(torch::empty({start.class_count()}, start.text.options()));
  }
}

double KeyObjective::differentiate(const Rows& rows, const torch::Tensor& product, int worker) {
  return with_scalar(product.scalar_type(),
                     [&](auto zero) { return differentiate_rows<decltype(zero)>(rows, product, worker); });
}

template <typename Scalar>
double KeyObjective::differentiate_rows(const Rows& rows, const torch::Tensor& product, int worker) {
  const FixedTermsStore::Found found = fixed_terms_.find(rows, worker);
  KeyRow<Scalar> row;
  row.keys = {start_.labels.data_ptr<std::int64_t>(), start_.key_count(), start_.class_count()};
  row.weight = weight_.data_ptr<Scalar>();
  row.beta = static_cast<Scalar>(start_.beta);
  row.batch_share = Scalar{1} / static_cast<Scalar>(rows.batch);
  row.logits = scratch_[static_cast<std::size_t>(worker)].data_ptr<Scalar>();
  double loss = 0;
  for (std::int64_t i = 0; i < rows.count; ++i) {
    const std::int64_t index = rows.index[i];
    const std::int64_t stored_row = found.row[i];
    if (gain_.defined()) row.own = {index, gain_.data_ptr<Scalar>()[index]};
    row.label = examples_.labels.data_ptr<std::int64_t>()[index];
    row.inverse_norm = found.terms.inverse_norm.data_ptr<Scalar>()[stored_row];
    row.product = product.data_ptr<Scalar>() + i * row.keys.count;
    std::copy_n(found.terms.logits.data_ptr<Scalar>() + stored_row * row.keys.classes, row.keys.classes, row.logits);
    loss += differentiate_row(row);
  }
  return loss;
}

}  // namespace head_training
