// Neural collapse of a run: before and after training, of the support and of labelled queries.
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

// Images are seen as the classifier's cache sees them, in its channels; the support as its keys, which training may
// have moved. Of more than 20,000 queries, every second, third, … one, so that no more remain. Classifiers that give
// logits only are not looked into: nothing then.
CollapseSummary summarise_collapse(const Classifier& start, const Classifier& trained, const data::Task& task);

nlohmann::ordered_json to_json(const CollapseSummary& summary);

}  // namespace trefoil::run
