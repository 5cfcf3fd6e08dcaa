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
  Surface surface;
  std::size_t best = 0;
  std::vector<float> best_losses;  // one a query

  Strengths at(std::size_t point) const { return {grid.alpha(point), grid.beta(point), grid.gamma(point)}; }
};

// `start`: where those stay that are not searched.
StrengthSearch search_strengths(const Judge& judge, const StrengthAxes& axes, const Strengths& start, const Rule& rule,
                                Metric metric, const Progress& progress);

// How far strengths are from others, along the axes.
double distance(const StrengthAxes& axes, const Strengths& there, const Strengths& start);

}  // namespace trefoil::search
