// Trial: queries whose class is known, and a classifier that has not learnt from them.
#pragma once

#include <memory>
#include <string>

#include "data/task.h"
#include "trefoil/classifier.h"

namespace trefoil::search {

// Shapes: N queries, C classes, M keys.
struct Trial {
  Classifier classifier;                         // its α, β and γ are replaced by those that are tried
  std::string plugin_label;                      // the plugin to blame when its logits go wrong
  std::shared_ptr<const data::Queries> queries;  // labelled
  torch::Tensor base;                            // [N, C], instead of s · f textᵀ + bias; may be undefined

  // Where queries are themselves among the keys (leave-one-out), both or none:
  torch::Tensor own_key;   // [N] int64, the key that is the query itself, and does not count for it
  torch::Tensor own_gain;  // [N] float32, factor on what its class's other keys say, to make up for the missing one
};

}  // namespace trefoil::search
