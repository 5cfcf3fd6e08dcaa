#include "search/row_kernels.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "base/simd.h"

namespace trefoil::search {

namespace {

constexpr std::int64_t kSteps = 8;  // values of α between two exact exponentials; their sums fit into registers

// The sums over the classes for each of kSteps values of α.
struct StepSums {
  simd::Floats sum[kSteps];      // of exp(logit)
  simd::Floats squares[kSteps];  // of exp(logit)²
};

// Adds up exp(base + α · cache_logits − shift − …) from α = `alpha` on, multiplied by `ratios` from step to step.
TREFOIL_INLINE_KERNEL void add_steps(const float* base, const float* cache_logits, const float* ratios, float alpha,
                                     float shift, std::int64_t classes, StepSums& sums) {
  for (std::int64_t step = 0; step < kSteps; ++step) sums.sum[step] = sums.squares[step] = simd::Floats{};
  for (std::int64_t c = 0; c < classes; c += simd::kWidth) {
    simd::Floats value;
    simd::Floats more;
    simd::Floats ratio;
    simd::load(value, base + c);
    simd::load(more, cache_logits + c);
    simd::load(ratio, ratios + c);
    value += more * alpha - shift;
    simd::exponentiate(value);
    for (std::int64_t step = 0; step < kSteps; ++step) {
      sums.sum[step] += value;
      sums.squares[step] += value * value;
      value *= ratio;
    }
  }
}

TREFOIL_INLINE_KERNEL float largest_logit(const float* base, const float* cache_logits, float alpha,
                                          std::int64_t classes) {
  simd::Floats lanes = simd::Floats{} - std::numeric_limits<float>::infinity();
  for (std::int64_t c = 0; c < classes; c += simd::kWidth) {
    simd::Floats logit;
    simd::Floats more;
    simd::load(logit, base + c);
    simd::load(more, cache_logits + c);
    logit += more * alpha;
    lanes = logit > lanes ? logit : lanes;
  }
  return simd::max(lanes);
}

// The loss from Σ exp, Σ exp² and the logit of the right class, all relative to one shift of the logits.
TREFOIL_INLINE_KERNEL float loss_of_sums(float sum, float squares, float own_logit, Metric metric) {
  if (metric == Metric::nll) return std::log(sum) - own_logit;
  simd::exponentiate<float, std::uint32_t>(own_logit);
  const float brier = squares / (sum * sum) - 2 * own_logit / sum + 1;
  return brier < 0 ? 0 : brier;  // rounding; a NaN stays a NaN
}

}  // namespace

KeyLayout::KeyLayout(const std::vector<std::int64_t>& labels, std::int64_t class_count)
    : padded_classes_(simd::round_up(class_count)),
      class_positions_(static_cast<std::size_t>(class_count)),
      key_positions_(labels.size()) {
  std::vector<std::int64_t> counts(class_positions_.size(), 0);
  std::vector<std::size_t> slot_of_key;
  for (const std::int64_t label : labels) {
    slot_of_key.push_back(static_cast<std::size_t>(counts[static_cast<std::size_t>(label)]++));
  }
  std::vector<std::size_t> order(counts.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return counts[a] > counts[b]; });
  for (std::size_t position = 0; position < order.size(); ++position) {
    class_positions_[order[position]] = static_cast<std::int64_t>(position);
  }
  const std::int64_t most = order.empty() ? 0 : counts[order.front()];
  for (std::int64_t slot = 0; slot < most; ++slot) {
    const auto classes = std::count_if(counts.begin(), counts.end(), [&](std::int64_t count) { return count > slot; });
    slot_starts_.push_back(padded_keys_);
    slot_lengths_.push_back(simd::round_up(classes));
    padded_keys_ += slot_lengths_.back();
  }
  for (std::size_t key = 0; key < labels.size(); ++key) {
    key_positions_[key] = slot_starts_[slot_of_key[key]] + class_positions_[static_cast<std::size_t>(labels[key])];
  }
}

Slots KeyLayout::slots() const {
  return {slot_starts_.data(), slot_lengths_.data(), static_cast<std::int64_t>(slot_starts_.size())};
}

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
void sum_by_class(const float* affinity, const float* weight, const Slots& slots, std::int64_t classes,
                  float* cache_logits) {
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
    simd::store(sum, cache_logits + c);
  }
}

TREFOIL_MULTIVERSIONED
RightInterval right_interval(const float* base, const float* cache_logits, std::int64_t classes, std::int64_t own) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  const float own_base = base[own];
  const float own_cache = cache_logits[own];
  simd::Floats from = simd::Floats{} - kInfinity;
  simd::Floats to = simd::Floats{} + kInfinity;
  simd::Floats never{};  // number of classes that are not behind for any α; `own` is one of them
  for (std::int64_t c = 0; c < classes; c += simd::kWidth) {
    simd::Floats other_base;
    simd::Floats other_cache;
    simd::load(other_base, base + c);
    simd::load(other_cache, cache_logits + c);
    // The right class is ahead of this one where lead > α · gain; a tie counts as wrong. Keep the selects separate: GCC
    // scalarises combined vector masks.
    const simd::Floats lead = own_base - other_base;
    const simd::Floats gain = other_cache - own_cache;
    const simd::Floats border = lead / gain;
    const simd::Floats upper = gain > 0 ? border : simd::Floats{} + kInfinity;
    const simd::Floats lower = gain < 0 ? border : simd::Floats{} - kInfinity;
    const simd::Floats level = gain == 0 ? lead : simd::Floats{} + 1;
    to = upper < to ? upper : to;
    from = lower > from ? lower : from;
    never += level > 0 ? simd::Floats{} : simd::Floats{} + 1;  // also if `level` is NaN
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
float soft_loss(const float* base, const float* cache_logits, float alpha, std::int64_t classes, std::int64_t own,
                Metric metric) {
  const float largest = largest_logit(base, cache_logits, alpha, classes);
  simd::Floats sums{};
  simd::Floats squares{};
  for (std::int64_t c = 0; c < classes; c += simd::kWidth) {
    simd::Floats logit;
    simd::Floats more;
    simd::load(logit, base + c);
    simd::load(more, cache_logits + c);
    logit += more * alpha - largest;
    simd::exponentiate(logit);
    sums += logit;
    squares += logit * logit;
  }
  const float own_logit = base[own] + alpha * cache_logits[own] - largest;
  return loss_of_sums(simd::sum(sums), simd::sum(squares), own_logit, metric);
}

TREFOIL_MULTIVERSIONED
bool soft_losses(const float* base, const float* cache_logits, const AlphaSteps& alphas, std::int64_t classes,
                 std::int64_t own, Metric metric, float* ratios, float* losses) {
  constexpr float kMostDecay =
      40;  // the largest term may shrink by exp(−40) within kSteps; the others are then below it
  simd::Floats low{};
  simd::Floats high{};
  for (std::int64_t c = 0; c < classes; c += simd::kWidth) {
    simd::Floats more;
    simd::load(more, cache_logits + c);
    high = more > high ? more : high;
    low = more < low ? more : low;
  }
  const float most = simd::max(high);
  const float range = most + simd::max(-low);
  if (!(range * alphas.step * static_cast<float>(kSteps) <= kMostDecay)) return false;
  for (std::int64_t c = 0; c < classes; c += simd::kWidth) {
    simd::Floats more;
    simd::load(more, cache_logits + c);
    more = (more - most) * alphas.step;
    simd::exponentiate(more);
    simd::store(more, ratios + c);
  }
  StepSums sums;
  for (std::int64_t begin = 0; begin < alphas.count; begin += kSteps) {
    const float alpha = alphas.first + alphas.step * static_cast<float>(begin);
    const float largest = largest_logit(base, cache_logits, alpha, classes);
    add_steps(base, cache_logits, ratios, alpha, largest, classes, sums);
    const std::int64_t steps = std::min(kSteps, alphas.count - begin);
    for (std::int64_t step = 0; step < steps; ++step) {
      const float away = alphas.step * static_cast<float>(step);
      const float own_logit = base[own] - largest + alpha * cache_logits[own] + away * (cache_logits[own] - most);
      losses[begin + step] =
          loss_of_sums(simd::pairwise_sum(sums.sum[step]), simd::pairwise_sum(sums.squares[step]), own_logit, metric);
    }
  }
  return true;
}

}  // namespace trefoil::search
