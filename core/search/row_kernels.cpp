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

// The logits are measured from those of one class, the pivot: the class of the largest logit at the last of kSteps
// values of α. Their largest difference is convex in α, and 0 at the end, so it is never above that at the first value.
struct Pivot {
  float base;
  float cache_logit;
  float excess;  // of the largest logit over the pivot's, at the first value of α
};

TREFOIL_INLINE_KERNEL Pivot pivot_of(const float* base, const float* cache_logits, float first, float last,
                                     std::int64_t classes) {
  simd::Floats most_first = simd::Floats{} - std::numeric_limits<float>::infinity();
  simd::Floats most_last = most_first;
  simd::Floats pivot_base{};
  simd::Floats pivot_cache{};
  for (std::int64_t c = 0; c < classes; c += simd::kWidth) {
    simd::Floats one;
    simd::Floats more;
    simd::load(one, base + c);
    simd::load(more, cache_logits + c);
    const simd::Floats at_first = one + more * first;
    const simd::Floats at_last = one + more * last;
    most_first = at_first > most_first ? at_first : most_first;
    pivot_base = at_last > most_last ? one : pivot_base;
    pivot_cache = at_last > most_last ? more : pivot_cache;
    most_last = at_last > most_last ? at_last : most_last;
  }
  std::int64_t lane = 0;
  for (std::int64_t i = 1; i < simd::kWidth; ++i) lane = most_last[i] > most_last[lane] ? i : lane;
  return {pivot_base[lane], pivot_cache[lane], simd::max(most_first) - (pivot_base[lane] + pivot_cache[lane] * first)};
}

// Writes ratios [classes]: by what exp(logit − pivot) is multiplied when α grows by `step`.
TREFOIL_INLINE_KERNEL void write_ratios(const float* cache_logits, float pivot_cache, float step, std::int64_t classes,
                                        float* ratios) {
  for (std::int64_t c = 0; c < classes; c += simd::kWidth) {
    simd::Floats more;
    simd::load(more, cache_logits + c);
    more = (more - pivot_cache) * step;
    simd::exponentiate(more);
    simd::store(more, ratios + c);
  }
}

// Adds up exp(logit − pivot) over the classes, from α = `first` on. A term below exp(−87) counts as 0.
TREFOIL_INLINE_KERNEL void add_steps(const float* base, const float* cache_logits, const float* ratios, float first,
                                     const Pivot& pivot, std::int64_t classes, StepSums& sums) {
  constexpr float kLowest = -87;
  const float shift = pivot.base + pivot.cache_logit * first;
  for (std::int64_t step = 0; step < kSteps; ++step) sums.sum[step] = sums.squares[step] = simd::Floats{};
  for (std::int64_t c = 0; c < classes; c += simd::kWidth) {
    simd::Floats one;
    simd::Floats more;
    simd::Floats ratio;
    simd::load(one, base + c);
    simd::load(more, cache_logits + c);
    simd::load(ratio, ratios + c);
    const simd::Floats away = one + more * first - shift;
    simd::Floats value = away;
    simd::exponentiate(value);
    value = away < kLowest ? simd::Floats{} : value;
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
  const float inverse = 1 / sum;
  const float brier = inverse * (inverse * squares - 2 * own_logit) + 1;
  return brier < 0 ? 0 : brier;  // rounding; a NaN stays a NaN
}

}  // namespace

KeyLayout::KeyLayout(const std::vector<std::int64_t>& labels, std::int64_t class_count)
    : padded_classes_(simd::round_up(class_count)),
      class_positions_(static_cast<std::size_t>(class_count)),
      key_positions_(labels.size()) {
  std::vector<std::int64_t> counts(class_positions_.size(), 0);
  std::vector<std::size_t> slot_of_key;
  slot_of_key.reserve(labels.size());
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
void soft_losses(const float* base, const float* cache_logits, const AlphaSteps& alphas, std::int64_t classes,
                 std::int64_t own, Metric metric, float* ratios, float* losses) {
  constexpr float kMostExcess = 40;  // exp(2 · 40) is a float, and so is its sum over the classes
  constexpr float kMostGrowth = 60;  // a term that was below exp(−87) is then still below exp(−27)
  simd::Floats largest_lanes = simd::Floats{} - std::numeric_limits<float>::infinity();
  for (std::int64_t c = 0; c < classes; c += simd::kWidth) {
    simd::Floats more;
    simd::load(more, cache_logits + c);
    largest_lanes = more > largest_lanes ? more : largest_lanes;
  }
  const float largest_cache = simd::max(largest_lanes);
  float ratios_pivot = std::numeric_limits<float>::quiet_NaN();
  const simd::FlushDenormals flush;  // the products of small ratios
  StepSums sums{};
  for (std::int64_t begin = 0; begin < alphas.count; begin += kSteps) {
    const std::int64_t steps = std::min(kSteps, alphas.count - begin);
    const float first = alphas.first + alphas.step * static_cast<float>(begin);
    const float range = alphas.step * static_cast<float>(kSteps - 1);
    const Pivot pivot = pivot_of(base, cache_logits, first, first + range, classes);
    const bool fits = pivot.excess <= kMostExcess && (largest_cache - pivot.cache_logit) * range <= kMostGrowth;
    if (!fits) {
      for (std::int64_t step = 0; step < steps; ++step) {
        const float alpha = first + alphas.step * static_cast<float>(step);
        losses[begin + step] = soft_loss(base, cache_logits, alpha, classes, own, metric);
      }
      continue;
    }
    if (pivot.cache_logit != ratios_pivot) {
      write_ratios(cache_logits, pivot.cache_logit, alphas.step, classes, ratios);
      ratios_pivot = pivot.cache_logit;
    }
    add_steps(base, cache_logits, ratios, first, pivot, classes, sums);
    for (std::int64_t step = 0; step < steps; ++step) {
      const float alpha = first + alphas.step * static_cast<float>(step);
      const float own_logit = base[own] - pivot.base + alpha * (cache_logits[own] - pivot.cache_logit);
      losses[begin + step] =
          loss_of_sums(simd::pairwise_sum(sums.sum[step]), simd::pairwise_sum(sums.squares[step]), own_logit, metric);
    }
  }
}

}  // namespace trefoil::search
