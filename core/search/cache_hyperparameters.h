// The search of α, β and γ, all of them at once, for fixed values of all other parameters.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "config/search_section.h"
#include "pipeline/stages.h"
#include "search/loss_evaluator.h"
#include "search/selection.h"

namespace trefoil::search {

using pipeline::CacheHyperparameters;

// The axes of those that are searched. The others keep their value.
struct CacheHyperparameterAxes {
  std::optional<config::SearchAxis> alpha;
  std::optional<config::SearchAxis> beta;
  std::optional<config::SearchAxis> gamma;

  bool empty() const { return !alpha && !beta && !gamma; }
};

struct CacheHyperparameterSearch {
  Grid grid;
  LossGrid losses;
  std::size_t best = 0;            // a point of minimum loss
  std::vector<float> best_losses;  // of that point, one for each query

  CacheHyperparameters at(std::size_t point) const { return {grid.alpha(point), grid.beta(point), grid.gamma(point)}; }
};

// `start` has the values of those that are not searched. An exact α is searched as follows. For Metric::accuracy, each
// pair of β and γ gets its own best α from the intervals on which the queries are right. For the other metrics, the
// grid gets 33 values of α and the minimum near the best of them.
CacheHyperparameterSearch search_cache_hyperparameters(const LossEvaluator& evaluator,
                                                       const CacheHyperparameterAxes& axes,
                                                       const CacheHyperparameters& start, const SelectionRule& rule,
                                                       Metric metric, const Progress& progress);

// The Euclidean distance between two settings along the searched axes.
double distance(const CacheHyperparameterAxes& axes, const CacheHyperparameters& values,
                const CacheHyperparameters& start);

// Returns the α for which most queries are right: the middle of the widest such interval within [from, to].
double most_right_alpha(const std::vector<RightInterval>& right, double from, double to);

// Returns the number within [from, to] where a smooth loss is lowest, by golden-section search, to a millionth of the
// range. This is exact when the loss falls and then rises; −log p does so, because it is convex in α.
double lowest_within(const std::function<double(double)>& loss, double from, double to);

}  // namespace trefoil::search
