// Neural collapse of a run: measured on the support and on labelled queries, before and after training.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>

#include "data/task.h"
#include "pipeline/collapse.h"
#include "trefoil/classifier.h"

namespace trefoil::run {

struct CollapseChange {
  pipeline::Collapse before;  // of the relation's classifier
  pipeline::Collapse after;   // of the trained one
};

struct CollapseSummary {
  std::optional<CollapseChange> support;  // nothing without images
  std::optional<CollapseChange> queries;  // nothing without labels
};

// Features are restricted to the channels of the classifier's cache. The support is measured by the classifier's keys,
// which training may have moved. More than 20,000 queries are thinned out evenly. Returns nothing for classifiers with
// custom logits, which have no features to measure.
CollapseSummary summarise_collapse(const Classifier& start, const Classifier& trained, const data::Task& task,
                                   int threads);

nlohmann::ordered_json to_json(const CollapseSummary& summary);

}  // namespace trefoil::run
