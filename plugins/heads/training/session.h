// The steps that all heads of this folder share: checks before training, and reports to the host.
#pragma once

#include <trefoil/head.h>

#include <vector>

#include "descent.h"

namespace head_training {

// Returns false, and logs a warning, if there is no support image. Throws std::invalid_argument if the classifier has
// custom_logits or `values`, or if `masked` is set and its keys are not the support images (own_keys.h).
bool can_train(trefoil::Host& host, const trefoil::Classifier& start, const trefoil::Support& support, bool masked);

// Trains `matrix` in place. Reports progress and the metrics loss_first and loss_last.
void train_matrix(trefoil::Host& host, const torch::Tensor& matrix, const Examples& examples,
                  const torch::Tensor& columns, Objective& objective, const Settings& settings,
                  parallel::Workers& workers);

}  // namespace head_training
