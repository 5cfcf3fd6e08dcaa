#include "report/ablation.h"

#include <algorithm>
#include <map>

namespace trefoil::report {

namespace {

const Cell* best_of_variant(const Comparison& comparison, const std::string& variant) {
  const Cell* best = nullptr;
  for (const Cell& cell : comparison.cells) {
    if (cell.variant != variant || cell.accuracy() == nullptr) continue;
    if (best == nullptr || cell.accuracy()->mean > best->accuracy()->mean) best = &cell;
  }
  return best;
}

// A paired difference over the seeds that both have: the effect of a seed on both cancels out.
Ablation change_between(const Comparison& comparison, const Cell& base, const Cell& cell) {
  const std::map<std::string, double> before = accuracy_by_seed(comparison, base);
  std::vector<double> changes;
  for (const auto& [seed, accuracy] : accuracy_by_seed(comparison, cell)) {
    const auto same_seed = before.find(seed);
    if (same_seed != before.end()) changes.push_back(accuracy - same_seed->second);
  }
  if (!changes.empty()) return {cell.variant, spread_of(changes), true};
  return {cell.variant, {cell.accuracy()->mean - base.accuracy()->mean, 0, 1}, false};
}

}  // namespace

std::vector<Ablation> ablations(const Comparison& comparison) {
  std::vector<Ablation> result;
  const Cell* base = best_of_variant(comparison, kBaseVariant);
  if (base == nullptr) return result;
  for (const Cell& cell : comparison.cells) {
    const bool known =
        std::any_of(result.begin(), result.end(), [&](const Ablation& each) { return each.variant == cell.variant; });
    if (known || cell.variant.empty() || cell.variant == kBaseVariant) continue;
    const Cell* best = best_of_variant(comparison, cell.variant);
    result.push_back(best == nullptr ? Ablation{cell.variant, {}, false} : change_between(comparison, *base, *best));
  }
  return result;
}

}  // namespace trefoil::report
