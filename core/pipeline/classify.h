// Classify: the classifier applied to queries, block by block, in order.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "data/task.h"
#include "pipeline/observer.h"
#include "pipeline/ranking.h"
#include "trefoil/classifier.h"

namespace trefoil::pipeline {

struct Compute {
  torch::Device device = torch::kCPU;
  int threads = 1;
};

struct ClassifiedBlock {
  std::int64_t first = 0;       // number of the first query
  std::vector<TopClasses> top;  // [n]
  torch::Tensor labels;         // [n] int64, undefined without labels
};

// Calls `consume` with every block in order. Memory depends on the classifier and the number of threads, not on the
// number of queries. `maker` is the plugin whose logits these are. Throws DataError, PluginError, Interrupted.
void classify(const data::Queries& queries, const Classifier& classifier, const std::string& maker,
              const Compute& compute, Observer& observer, const std::function<void(const ClassifiedBlock&)>& consume);

}  // namespace trefoil::pipeline
