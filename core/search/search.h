// search: chooses parameters of the experiment as its [search] section says, before any query is classified.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "config/experiment.h"
#include "data/task.h"
#include "runtime/compute.h"
#include "runtime/plugin_host.h"
#include "search/cache_hyperparameters.h"
#include "search/head_choice.h"
#include "search/held_out.h"
#include "search/temperature.h"

namespace trefoil::search {

// One setting of all parameters that a stage searches.
struct SearchedPoint {
  std::vector<double> values;     // one for each column of the stage
  double loss = 0;                // mean over these queries
  std::int64_t queries = 0;       // held-out queries; fewer than those of the stage after a lost race
  bool within_tolerance = false;  // of the lowest loss
};

// The result of one phase.
struct SearchStage {
  SearchPhase phase;
  std::vector<std::string> columns;  // searched parameters: "selector.q", …, "relation.alpha", …
  std::vector<SearchedPoint> points;
  bool alpha_of_pair = false;  // α was searched exactly, and each pair of β and γ has its own α
  std::size_t best = 0;        // point of lowest loss
  std::size_t chosen = 0;
  std::int64_t queries = 0;   // held-out queries of the chosen point
  double standard_error = 0;  // of the difference between the losses of the chosen point and of the best; 0 if they are
                              // the same point or were not compared

  // The difference between the lowest loss and the next higher one, of the points that were evaluated on all queries; 0
  // when their losses are equal.
  double margin() const;

  // The fraction of points within the tolerance of the lowest loss. A large fraction means a flat optimum.
  double fraction_within_tolerance() const;
};

struct SearchResult {
  config::Experiment experiment;     // with the chosen values
  pipeline::AfterHeads after_heads;  // α, β and γ of the classifiers that the heads train, if they were searched
  std::vector<SearchStage> stages;
  std::vector<HeadScore> heads;            // with a list of heads
  std::optional<Temperature> temperature;  // with search.temperature
  std::vector<std::string> warnings;
};

// First chooses the parameters of the selector and the relation, by the classifier of the relation. Then, for each
// head, chooses its parameters, and α, β and γ once more, by the classifier that this head trained. Each value of a
// parameter other than α, β and γ needs a new classifier; for each of these, all values of α, β and γ are tried at
// once. With a list of heads, each is searched, and one is chosen (head_choice.h). At last, chooses the parameters of
// the adapter (adapter_search.h). `experiment.search` must be set. Throws ConfigError, DataError, PluginError,
// Interrupted.
SearchResult search(const config::Experiment& experiment, const data::Task& task, const runtime::RunContext& run,
                    const runtime::Compute& compute);

}  // namespace trefoil::search
