#include "search/row_kernels.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/simd.h"

namespace trefoil::search {

TREFOIL_MULTIVERSIONED
void affinities(const float* similarity, float beta, std::int64_t count, float* affinity) {
  for (std::int64_t i = 0; i < count; i += simd::kWidth) {
    simd::Floats x;
    simd::load(x, similarity + i);
    x = (x - 1) * beta;
    simd::exponentiate(x);
    simd::store(x, affinity + i);
  }
}

TREFOIL_MULTIVERSIONED
void class_evidence(const float* affinity, const float* weight, const Slots& slots, std::int64_t classes,
                    float* evidence) {
  std::int64_t present = slots.count;
  for (std::int64_t c = 0; c < classes; c += simd::kWidth) {
    while (present > 0 && slots.lengths[present - 1] <= c) --present;
    simd::Floats sum{};
    for (std::int64_t slot = 0; slot < present; ++slot) {
      const std::int64_t place = slots.starts[slot] + c;
      simd::Floats one;
      simd::Floats factor;
      simd::load(one, affinity + place);
      simd::load(factor, weight + place);
      sum += one * factor;
    }
    simd::store(sum, evidence + c);
  }
}

TREFOIL_MULTIVERSIONED
RightInterval right_interval(const float* base, const float* evidence, std::int64_t classes, std::int64_t own) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  const float own_base = base[own];
  const float own_evidence = evidence[own];
  simd::Floats from = simd::Floats{} - kInfinity;
  simd::Floats to = simd::Floats{} + kInfinity;
  simd::Floats never{};  // how many are not behind, whatever α is; `own` itself is one
  for (std::int64_t c = 0; c < classes; c += simd::kWidth) {
    simd::Floats other_base;
    simd::Floats other_evidence;
    simd::load(other_base, base + c);
    simd::load(other_evidence, evidence + c);
    // Ahead where lead > α · gain; a tie is no win. Choices stand one by one: compilers take masks that are combined
    // apart into single numbers.
    const simd::Floats lead = own_base - other_base;
    const simd::Floats gain = other_evidence - own_evidence;
    const simd::Floats border = lead / gain;
    const simd::Floats upper = gain > 0 ? border : simd::Floats{} + kInfinity;
    const simd::Floats lower = gain < 0 ? border : simd::Floats{} - kInfinity;
    const simd::Floats level = gain == 0 ? lead : simd::Floats{} + 1;
    to = upper < to ? upper : to;
    from = lower > from ? lower : from;
    never += level > 0 ? simd::Floats{} : simd::Floats{} + 1;  // also where it is no number
  }
  RightInterval interval{-kInfinity, kInfinity};
  for (std::int64_t i = 0; i < simd::kWidth; ++i) {
    interval.from = std::max(interval.from, from[i]);
    interval.to = std::min(interval.to, to[i]);
  }
  if (simd::sum(never) > 1) interval.to = interval.from;
  return interval;
}

TREFOIL_MULTIVERSIONED
float soft_loss(const float* base, const float* evidence, float alpha, std::int64_t classes, std::int64_t own,
                Metric metric) {
  simd::Floats largest_lanes = simd::Floats{} - std::numeric_limits<float>::infinity();
  for (std::int64_t c = 0; c < classes; c += simd::kWidth) {
    simd::Floats logit;
    simd::Floats more;
    simd::load(logit, base + c);
    simd::load(more, evidence + c);
    logit += more * alpha;
    largest_lanes = logit > largest_lanes ? logit : largest_lanes;
  }
  const float largest = simd::max(largest_lanes);
  simd::Floats sums{};
  simd::Floats squares{};
  for (std::int64_t c = 0; c < classes; c += simd::kWidth) {
    simd::Floats logit;
    simd::Floats more;
    simd::load(logit, base + c);
    simd::load(more, evidence + c);
    logit += more * alpha - largest;
    simd::exponentiate(logit);
    sums += logit;
    squares += logit * logit;
  }
  const float sum = simd::sum(sums);
  const float own_logit = base[own] + alpha * evidence[own] - largest;
  if (metric == Metric::nll) return std::log(sum) - own_logit;
  return simd::sum(squares) / (sum * sum) - 2 * std::exp(own_logit) / sum + 1;
}

}  // namespace trefoil::search
