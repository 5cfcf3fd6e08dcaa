// What a search found, as values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "config/experiment.h"
#include "search/strengths.h"
#include "search/trials.h"

namespace trefoil::search {

struct SearchedPoint {
  std::vector<double> values;  // by column
  double loss = 0;             // mean over the queries
  bool within = false;         // the objective cannot tell it from the best
};

// One of the two searches of a run: of the relation's parameters before a head is trained, and of the head's.
struct SearchStage {
  Part part = Part::relation;
  std::vector<std::string> columns;  // keys: "selector.q", …, "relation.alpha", …
  std::vector<SearchedPoint> points;
  bool own_alpha = false;  // α was searched exactly: every pair of β and γ has its own
  std::size_t best = 0;
  std::size_t chosen = 0;
  std::int64_t queries = 0;   // judged by
  double standard_error = 0;  // of the difference between the chosen point and the best; 0 when they are one

  // How much less the best loses than the next that differs from it; 0 when all are equal.
  double margin() const;
  double share_within() const;  // how flat the optimum is: the part of the points that are as good as the best
};

struct SearchResult {
  config::Experiment experiment;     // with the values chosen
  std::optional<Strengths> trained;  // of the classifier that the head has trained, where they were searched again
  std::vector<SearchStage> stages;
  std::vector<std::string> warnings;
};

}  // namespace trefoil::search
