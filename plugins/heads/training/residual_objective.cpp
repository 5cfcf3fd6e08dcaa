#include "residual_objective.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/sum.h>

#include "class_sums.h"
#include "residual_row.h"
#include "scalar.h"

namespace head_training {

namespace {

// Returns the address of row i of a tensor [n, columns], or nullptr if the tensor is undefined.
template <typename Scalar>
const Scalar* row_of(const torch::Tensor& tensor, std::int64_t i) {
  return tensor.defined() ? tensor.data_ptr<Scalar>() + i * tensor.size(1) : nullptr;
}

}  // namespace

ResidualObjective::ResidualObjective(const trefoil::Classifier& start, const Examples& examples, const Options& options,
                                     parallel::Workers& workers)
    : start_(start),
      examples_(examples),
      fixed_terms_(FixedTermsSource(start, examples, options.cache_terms, options.masked, workers.count()), examples,
                   workers, options.fixed_terms_bytes) {
  for (int worker = 0; worker < workers.count(); ++worker) {
    scratch_.push_back(torch::empty({3, start.class_count()}, start.text.options()));
  }
  if (options.cache_terms != CacheTerms::by_key) return;
  weights_.emplace(start.weight, options.weight_decay, options.epsilon);
  weight_gradients_ = torch::empty({blocks_of(examples.count()), start.key_count()}, start.text.options());
  weight_gradient_ = torch::empty({start.key_count()}, start.text.options());
}

double ResidualObjective::differentiate(const Rows& rows, const torch::Tensor& product, int worker) {
  return with_scalar(product.scalar_type(),
                     [&](auto zero) { return differentiate_rows<decltype(zero)>(rows, product, worker); });
}

template <typename Scalar>
double ResidualObjective::differentiate_rows(const Rows& rows, const torch::Tensor& product, int worker) {
  const FixedTermsStore::Found found = fixed_terms_.find(rows, worker);
  const std::int64_t classes = start_.class_count();
  Scalar* scratch = scratch_[static_cast<std::size_t>(worker)].data_ptr<Scalar>();
  Scalar* sum = scratch + 2 * classes;
  const Keys keys{weights_ ? start_.labels.data_ptr<std::int64_t>() : nullptr, start_.key_count(), classes};
  torch::Tensor weight_gradient;
  if (weights_) weight_gradient = weight_gradients_[rows.first / kBlock].zero_();

  double loss = 0;
  for (std::int64_t i = 0; i < rows.count; ++i) {
    const std::int64_t stored_row = found.row[i];
    ResidualRow<Scalar> row;
    row.classes = classes;
    row.label = examples_.labels.data_ptr<std::int64_t>()[rows.index[i]];
    row.logits = row_of<Scalar>(found.terms.logits, stored_row);
    row.log_factor = row_of<Scalar>(found.terms.log_factor, stored_row);
    row.sum = weights_ ? sum : row_of<Scalar>(found.terms.sum, stored_row);
    row.text_scale = static_cast<Scalar>(start_.logit_scale);
    row.cache_scale = static_cast<Scalar>(start_.beta) * found.terms.inverse_norm.data_ptr<Scalar>()[stored_row];
    row.alpha = static_cast<Scalar>(start_.alpha);
    row.batch_share = Scalar{1} / static_cast<Scalar>(rows.batch);
    row.product = product.data_ptr<Scalar>() + i * classes;
    row.sum_gradient = scratch;
    row.scratch = scratch + classes;
    const Scalar* kernel = row_of<Scalar>(found.terms.kernel, stored_row);
    if (weights_) sum_by_class(keys, start_.weight.data_ptr<Scalar>(), kernel, sum);
    loss += differentiate_row(row);
    if (weights_) add_weight_gradient(keys, kernel, row.sum_gradient, weight_gradient.data_ptr<Scalar>());
  }
  return loss;
}

void ResidualObjective::step(double rate, std::int64_t batch) {
  if (!weights_) return;
  torch::sum_out(weight_gradient_, weight_gradients_.narrow(0, 0, blocks_of(batch)), torch::IntArrayRef{0});
  weights_->begin_step(rate);
  weights_->update(weight_gradient_, 0, weight_gradient_.size(0));
}

}  // namespace head_training
