// Classify: the classifier applied to queries, block by block, in order.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "data/task.h"
#include "pipeline/ranking.h"
#include "runtime/compute.h"
#include "runtime/observer.h"
#include "trefoil/classifier.h"

namespace trefoil::pipeline {

struct ClassifiedBlock {
  std::int64_t first = 0;       // number of the first query
  std::vector<TopClasses> top;  // [n]
  torch::Tensor labels;         // [n] int64, undefined without labels
};

// What becomes of the blocks of one classifier.
using BlockConsumer = std::function<void(const ClassifiedBlock&)>;

// Classifies all queries by every classifier of a family, in one pass. Where they differ in α, β, γ only, the rest is
// computed once; the results are those of one by one, to the bit. `consume`, one for each
// classifier, is called with every block in order. Memory depends on the classifiers and the number of threads, not on
// the number of queries. `plugin_label` is the plugin whose logits these are. Throws DataError, PluginError,
// Interrupted.
void classify(const data::Queries& queries, const std::vector<Classifier>& family, const std::string& plugin_label,
              const runtime::Compute& compute, runtime::Observer& observer, const std::vector<BlockConsumer>& consume);

}  // namespace trefoil::pipeline
