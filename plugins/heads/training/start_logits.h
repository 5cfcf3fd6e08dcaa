// All views of all examples as rows of one matrix, and their logits before training.
#pragma once

#include <trefoil/classifier.h>

#include "../../shared/workers.h"
#include "examples.h"

namespace head_training {

// V views of M examples. The rows are sorted by example, so they are sorted by class if the examples are.
torch::Tensor all_rows(const Examples& examples);    // [M V, D]
torch::Tensor all_labels(const Examples& examples);  // [M V]

// Returns the logits [M V, C] that `start` gives to these rows, with its cache logits. masked: an image does not see
// its own key (own_keys.h).
torch::Tensor start_logits(const trefoil::Classifier& start, const Examples& examples, bool masked,
                           parallel::Workers& workers);

}  // namespace head_training
