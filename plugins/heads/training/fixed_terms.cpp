#include "fixed_terms.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/mm.h>

#include "class_sums.h"
#include "own_keys.h"
#include "scalar.h"

namespace head_training {

namespace {

constexpr torch::Tensor FixedTerms::*kFields[] = {&FixedTerms::logits, &FixedTerms::inverse_norm,
                                                  &FixedTerms::log_factor, &FixedTerms::sum, &FixedTerms::kernel};

// Writes inverse [n] = 1 / ‖row‖ for rows [n, Q]. For a row of zeros it is 1, as in unit_rows.
void invert_norms(const torch::Tensor& rows, const torch::Tensor& inverse) {
  const torch::Tensor norm = rows.norm(/*p=*/2, /*dim=*/1);
  inverse.copy_(norm.masked_fill(norm == 0, 1).reciprocal());
}

}  // namespace

FixedTerms FixedTerms::narrow(std::int64_t first, std::int64_t count) const {
  FixedTerms part;
  for (torch::Tensor FixedTerms::*field : kFields) {
    if ((this->*field).defined()) part.*field = (this->*field).narrow(0, first, count);
  }
  return part;
}

std::int64_t FixedTerms::bytes() const {
  std::size_t bytes = 0;
  for (torch::Tensor FixedTerms::*field : kFields) {
    if ((this->*field).defined()) bytes += (this->*field).nbytes();
  }
  return static_cast<std::int64_t>(bytes);
}

FixedTermsSource::FixedTermsSource(const trefoil::Classifier& start, const Examples& examples, CacheTerms cache_terms,
                                   bool masked, int workers)
    : start_(start), examples_(examples), cache_terms_(cache_terms) {
  if (has_cache()) {
    weight_ = trefoil::effective_weight(start).contiguous();
    start_.labels = start.labels.contiguous();
    if (masked) gain_ = own_class_gain(start.labels, start.class_count()).to(type());
  }
  for (int worker = 0; worker < workers; ++worker) {
    const auto allocate_block = [&](std::int64_t columns) {
      return torch::empty({kBlock, columns}, start.text.options());
    };
    Scratch scratch;
    scratch.features = allocate_block(start.width());
    if (start.channels.defined()) scratch.kept = allocate_block(start.channels.size(0));
    if (has_cache()) {
      scratch.affinity = allocate_block(start.key_count());
      scratch.log_factor = allocate_block(start.class_count());
      scratch.sum = allocate_block(start.class_count());
    }
    scratch_.push_back(scratch);
  }
}

FixedTerms FixedTermsSource::allocate(std::int64_t rows) const {
  const auto options = start_.text.options();
  FixedTerms terms;
  terms.logits = torch::empty({rows, start_.class_count()}, options);
  terms.inverse_norm = torch::empty({rows}, options);
  if (cache_terms_ == CacheTerms::by_class || cache_terms_ == CacheTerms::by_key) {
    terms.log_factor = torch::empty({rows, start_.class_count()}, options);
  }
  if (cache_terms_ == CacheTerms::by_class) terms.sum = torch::empty({rows, start_.class_count()}, options);
  if (cache_terms_ == CacheTerms::by_key) terms.kernel = torch::empty({rows, start_.key_count()}, options);
  return terms;
}

void FixedTermsSource::compute(const Rows& rows, const FixedTerms& target, int worker) const {
  const FixedTerms part = target.narrow(0, rows.count);
  const Scratch& scratch = scratch_[static_cast<std::size_t>(worker)];
  const torch::Tensor& view = examples_.views[static_cast<std::size_t>(rows.view)];
  const torch::Tensor features = scratch.features.narrow(0, 0, rows.count);
  gather(view, rows, /*columns=*/{}, features);
  const torch::Tensor kept = start_.channels.defined() ? scratch.kept.narrow(0, 0, rows.count) : features;
  if (start_.channels.defined()) gather(view, rows, start_.channels, kept);

  compute_text(features, part);
  if (start_.renormalise) {
    invert_norms(kept, part.inverse_norm);
  } else {
    part.inverse_norm.fill_(1);
  }
  if (has_cache()) compute_cache(rows, kept, part, scratch);
}

void FixedTermsSource::compute_text(const torch::Tensor& features, const FixedTerms& part) const {
  torch::Tensor logits = part.logits;
  torch::mm_out(logits, features, start_.text.t()).mul_(start_.logit_scale);
  if (start_.bias.defined()) logits.add_(start_.bias);
}

void FixedTermsSource::compute_cache(const Rows& rows, const torch::Tensor& kept, const FixedTerms& part,
                                     const Scratch& scratch) const {
  const auto choose = [&](const torch::Tensor& wanted, const torch::Tensor& spare) {
    return wanted.defined() ? wanted : spare.narrow(0, 0, rows.count);
  };
  torch::Tensor affinity = choose(part.kernel, scratch.affinity);
  const torch::Tensor log_factor = choose(part.log_factor, scratch.log_factor);
  const torch::Tensor sum = choose(part.sum, scratch.sum);
  torch::mm_out(affinity, kept, start_.keys.t()).mul_(part.inverse_norm.unsqueeze(1));
  const Keys keys{start_.labels.data_ptr<std::int64_t>(), start_.key_count(), start_.class_count()};
  with_scalar(type(), [&](auto zero) {
    using Scalar = decltype(zero);
    for (std::int64_t i = 0; i < rows.count; ++i) {
      OwnKey<Scalar> own;
      if (gain_.defined()) own = {rows.index[i], gain_.data_ptr<Scalar>()[rows.index[i]]};
      Scalar* kernel = affinity.data_ptr<Scalar>() + i * keys.count;
      split_exponentials(keys, static_cast<Scalar>(start_.beta), own, kernel,
                         log_factor.data_ptr<Scalar>() + i * keys.classes);
      sum_by_class(keys, weight_.data_ptr<Scalar>(), kernel, sum.data_ptr<Scalar>() + i * keys.classes);
    }
  });
  if (cache_terms_ == CacheTerms::in_logits) part.logits.add_(log_factor.exp().mul_(sum), start_.alpha);
}

}  // namespace head_training
