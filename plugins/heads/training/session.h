// What the trained heads have in common around their training: what they refuse, and what they tell the run.
#pragma once

#include <trefoil/head.h>

#include <vector>

#include "descent.h"

namespace trefoil::training {

// False, with a warning in the log, when there is no image to learn from. Throws std::invalid_argument for a classifier
// that is not of the form that this head can train, or whose keys cannot be masked though settings.masked.
bool can_train(Host& host, const Classifier& start, const Support& support, bool masked);

// Trains `matrix` in place, and reports progress and the metrics loss_first and loss_last.
void train_matrix(Host& host, const torch::Tensor& matrix, const Examples& examples, const torch::Tensor& columns,
                  Objective& objective, const Settings& settings, Workers& workers);

}  // namespace trefoil::training
