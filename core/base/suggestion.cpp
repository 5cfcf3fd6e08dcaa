#include "base/suggestion.h"

#include <algorithm>
#include <numeric>

#include "base/text.h"

namespace trefoil::base {

namespace {

// Levenshtein distance in which a swap of two neighbours counts as one change (optimal string alignment).
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> cost(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) cost[i][0] = i;
  std::iota(cost[0].begin(), cost[0].end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replace = cost[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      cost[i][j] = std::min({cost[i - 1][j] + 1, cost[i][j - 1] + 1, replace});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
      }
    }
  }
  return cost[a.size()][b.size()];
}

}  // namespace

std::string nearest(std::string_view word, const std::vector<std::string>& candidates) {
  std::string best;
  // In a short word half of the letters may be wrong, in a long word three.
  std::size_t best_distance = 1 + std::clamp<std::size_t>(word.size() / 2, 1, 3);
  for (const std::string& candidate : candidates) {
    const std::size_t distance = edit_distance(word, candidate);
    // A word is near if it is the start of a candidate: 'lam' for 'lambda'.
    const bool prefix = word.size() >= 2 && starts_with(candidate, word);
    if (distance < best_distance || (prefix && best.empty())) {
      best = candidate;
      best_distance = std::min(distance, best_distance);
    }
  }
  return best;
}

std::string suggestion(std::string_view word, const std::vector<std::string>& candidates, std::string_view label) {
  const std::string near = nearest(word, candidates);
  std::string text = near.empty() ? "" : "did you mean '" + near + "'? ";
  text += label;
  text += ": ";
  for (std::size_t i = 0; i < candidates.size(); ++i) text += (i > 0 ? ", " : "") + candidates[i];
  return text;
}

}  // namespace trefoil::base
