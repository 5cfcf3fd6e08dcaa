// Losses by way of all logits: for classifiers that are not of the built-in form, one setting at a time.
#pragma once

#include <vector>

#include "search/surface.h"
#include "search/trial.h"

namespace trefoil::search {

// One loss for each query of a trial without own keys and base. Throws PluginError when the logits are not right.
std::vector<float> losses_by_logits(const Trial& trial, double alpha, double beta, double gamma, Metric metric,
                                    int threads);

}  // namespace trefoil::search
