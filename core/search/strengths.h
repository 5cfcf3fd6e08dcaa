// Strengths: the search of α, β and γ, all of them at once, for one setting of everything else.
#pragma once

#include <optional>
#include <vector>

#include "config/search_section.h"
#include "search/judge.h"
#include "search/rule.h"

namespace trefoil::search {

struct Strengths {
  double alpha = 0;
  double beta = 1;
  double gamma = 0;
};

// Which of them are searched; the others stay where they are.
struct StrengthAxes {
  std::optional<config::SearchAxis> alpha;
  std::optional<config::SearchAxis> beta;
  std::optional<config::SearchAxis> gamma;
};

struct StrengthSearch {
  Grid grid;
  Surface surface;           // against the best point
  std::vector<bool> within;  // [points], which the objective cannot tell from the best
  std::size_t best = 0;
  std::size_t chosen = 0;
  std::vector<float> best_losses;    // one a query
  std::vector<float> chosen_losses;  // likewise

  Strengths at(std::size_t point) const { return {grid.alpha(point), grid.beta(point), grid.gamma(point)}; }
};

// `start`: where the search starts from, and stays near to.
StrengthSearch search_strengths(const Judge& judge, const StrengthAxes& axes, const Strengths& start, const Rule& rule,
                                Metric metric, const Progress& progress);

}  // namespace trefoil::search
