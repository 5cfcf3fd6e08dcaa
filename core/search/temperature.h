// The temperature of a classifier, chosen on queries that it has not learnt from (Guo et al., "On Calibration of Modern
// Neural Networks", ICML 2017).
#pragma once

#include <cstdint>
#include <vector>

#include "search/held_out.h"
#include "search/kernel.h"

namespace trefoil::search {

struct Temperature {
  double value = 1;          // the logits are divided by it
  double best = 1;           // the value of lowest −log p, before it is drawn towards 1
  double loss_at_1 = 0;      // mean −log p of the held-out queries, in nats
  double loss = 0;           // the same, with `value`
  std::int64_t queries = 0;  // held-out queries; 0: none, and the value is 1
};

// Returns ln `best`, clamped to [ln 0.5, ln 2] and multiplied by n / (n + 100) for n queries, as an exponential: few
// queries say little, so the temperature then stays near 1.
double drawn_towards_1(double best, std::int64_t queries);

// Returns the temperature of lowest mean −log p, from 0.5 to 2. `sets` has at least one query. Calls on_step(done,
// total) so that the user can interrupt.
double best_temperature(const std::vector<HeldOut>& sets, int threads, const Progress& on_step);

// Returns −log p of each query, with logits divided by the temperature.
std::vector<float> losses_at(const std::vector<HeldOut>& sets, double temperature, int threads);

// Chooses the temperature of the experiment's classifier by −log p on its held-out queries, as search.objective says.
// `after` has the values of α, β and γ that the search has chosen. Throws PluginError, DataError, Interrupted.
Temperature choose_temperature(const config::Experiment& experiment, const data::Task& task,
                               const pipeline::AfterHeads& after, const runtime::RunContext& run, int threads);

}  // namespace trefoil::search
