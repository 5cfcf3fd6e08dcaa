#include "search/row_kernels.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "trefoil/lanes.h"

namespace trefoil::search {

TREFOIL_FOR_EACH_PROCESSOR
void affinities(const float* similarity, float beta, std::int64_t count, float* affinity) {
  for (std::int64_t i = 0; i < count; i += kLanes) {
    Lanes x;
    load(x, similarity + i);
    x = (x - 1) * beta;
    exponentiate(x);
    store(x, affinity + i);
  }
}

TREFOIL_FOR_EACH_PROCESSOR
void class_evidence(const float* affinity, const float* weight, const Slots& slots, std::int64_t classes,
                    float* evidence) {
  std::int64_t present = slots.count;
  for (std::int64_t c = 0; c < classes; c += kLanes) {
    while (present > 0 && slots.lengths[present - 1] <= c) --present;
    Lanes sum{};
    for (std::int64_t slot = 0; slot < present; ++slot) {
      const std::int64_t place = slots.starts[slot] + c;
      Lanes one;
      Lanes factor;
      load(one, affinity + place);
      load(factor, weight + place);
      sum += one * factor;
    }
    store(sum, evidence + c);
  }
}

TREFOIL_FOR_EACH_PROCESSOR
RightInterval right_interval(const float* base, const float* evidence, std::int64_t classes, std::int64_t own) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  const float own_base = base[own];
  const float own_evidence = evidence[own];
  Lanes from = Lanes{} - kInfinity;
  Lanes to = Lanes{} + kInfinity;
  Lanes never{};  // how many are not behind, whatever α is; `own` itself is one
  for (std::int64_t c = 0; c < classes; c += kLanes) {
    Lanes other_base;
    Lanes other_evidence;
    load(other_base, base + c);
    load(other_evidence, evidence + c);
    // Ahead where lead > α · gain; a tie is no win. Choices stand one by one: compilers take masks that are combined
    // apart into single numbers.
    const Lanes lead = own_base - other_base;
    const Lanes gain = other_evidence - own_evidence;
    const Lanes border = lead / gain;
    const Lanes upper = gain > 0 ? border : Lanes{} + kInfinity;
    const Lanes lower = gain < 0 ? border : Lanes{} - kInfinity;
    const Lanes level = gain == 0 ? lead : Lanes{} + 1;
    to = upper < to ? upper : to;
    from = lower > from ? lower : from;
    never += level > 0 ? Lanes{} : Lanes{} + 1;  // also where it is no number
  }
  RightInterval interval{-kInfinity, kInfinity};
  for (std::int64_t i = 0; i < kLanes; ++i) {
    interval.from = std::max(interval.from, from[i]);
    interval.to = std::min(interval.to, to[i]);
  }
  if (sum_of(never) > 1) interval.to = interval.from;
  return interval;
}

TREFOIL_FOR_EACH_PROCESSOR
float soft_loss(const float* base, const float* evidence, float alpha, std::int64_t classes, std::int64_t own,
                Metric metric) {
  Lanes largest_lanes = Lanes{} - std::numeric_limits<float>::infinity();
  for (std::int64_t c = 0; c < classes; c += kLanes) {
    Lanes logit;
    Lanes more;
    load(logit, base + c);
    load(more, evidence + c);
    logit += more * alpha;
    largest_lanes = logit > largest_lanes ? logit : largest_lanes;
  }
  const float largest = largest_of(largest_lanes);
  Lanes sums{};
  Lanes squares{};
  for (std::int64_t c = 0; c < classes; c += kLanes) {
    Lanes logit;
    Lanes more;
    load(logit, base + c);
    load(more, evidence + c);
    logit += more * alpha - largest;
    exponentiate(logit);
    sums += logit;
    squares += logit * logit;
  }
  const float sum = sum_of(sums);
  const float own_logit = base[own] + alpha * evidence[own] - largest;
  if (metric == Metric::nll) return std::log(sum) - own_logit;
  return sum_of(squares) / (sum * sum) - 2 * std::exp(own_logit) / sum + 1;
}

}  // namespace trefoil::search
