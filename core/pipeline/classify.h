// Applies classifiers to queries, block by block.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "data/task.h"
#include "pipeline/calibration.h"
#include "pipeline/ranking.h"
#include "runtime/compute.h"
#include "runtime/observer.h"
#include "trefoil/adapter.h"

namespace trefoil::pipeline {

struct ClassifiedBlock {
  std::int64_t first = 0;       // index of the first query of the block
  std::vector<TopClasses> top;  // [n]
  torch::Tensor labels;         // [n] int64, undefined without labels

  // [n], empty without labels. An image that could not be read has none: its logits are the class prior.
  std::vector<std::optional<Likelihood>> likelihood;
};

// Receives the blocks of one classifier.
using BlockConsumer = std::function<void(const ClassifiedBlock&)>;

// Classifies all queries by every member of the family, in one pass: by its function `logits`, or else by its
// classifier. If classifiers differ in α, β and γ only, the similarities are computed once; the results are
// bit-identical to those of separate passes. `consume` has one function for each member; it is called with every block,
// in order. Memory depends on the classifiers and the number of threads, not on the number of queries. Errors about the
// logits name the plugin `plugin_label`. Throws DataError, PluginError, Interrupted.
void classify(const data::Queries& queries, const std::vector<Adapted>& family, const std::string& plugin_label,
              const runtime::Compute& compute, runtime::Observer& observer, const std::vector<BlockConsumer>& consume);

}  // namespace trefoil::pipeline
