#include "run/collapse_summary.h"

#include <ATen/ops/cat.h>

#include <algorithm>
#include <vector>

namespace trefoil::run {

namespace {

struct Labelled {
  torch::Tensor features;  // [n, D]
  torch::Tensor labels;    // [n]
};

constexpr std::int64_t kBlock = 1024;

Labelled sample(const data::Queries& queries) {
  constexpr std::int64_t kMost = 20000;
  const std::int64_t step = std::max<std::int64_t>(1, (queries.count() + kMost - 1) / kMost);
  std::vector<torch::Tensor> features;
  std::vector<torch::Tensor> labels;
  for (std::int64_t first = 0; first < queries.count(); first += kBlock * step) {
    const data::QueryBlock read = queries.read(first, std::min(kBlock * step, queries.count() - first));
    features.push_back(read.features.slice(0, 0, read.features.size(0), step).clone());
    labels.push_back(read.labels.slice(0, 0, read.labels.size(0), step).clone());
  }
  return {torch::cat(features), torch::cat(labels)};
}

torch::Tensor predicted(const Classifier& classifier, const torch::Tensor& features) {
  std::vector<torch::Tensor> parts;
  for (const torch::Tensor& block : features.split(kBlock)) parts.push_back(classifier.logits(block).argmax(1));
  return torch::cat(parts);
}

torch::Tensor in_channels(const Classifier& classifier, const torch::Tensor& rows) {
  const bool some = classifier.key_count() > 0 && classifier.channels.defined();
  const torch::Tensor kept = some ? rows.index_select(1, classifier.channels) : rows;
  return classifier.key_count() > 0 && classifier.renormalise ? unit_rows(kept) : kept;
}

pipeline::Collapse measure(const Classifier& classifier, const torch::Tensor& seen, const Labelled& images) {
  return pipeline::measure_collapse(seen, images.labels, in_channels(classifier, classifier.text),
                                    predicted(classifier, images.features));
}

pipeline::Collapse of_support(const Classifier& classifier, const Labelled& support) {
  const bool keys_are_images =
      classifier.key_count() == support.labels.size(0) && classifier.labels.equal(support.labels);
  return measure(classifier, keys_are_images ? classifier.keys : in_channels(classifier, support.features), support);
}

nlohmann::ordered_json to_json(const pipeline::Collapse& collapse) {
  return {{"nc1_within", collapse.within},
          {"nc2_norms", collapse.norms},
          {"nc2_angles", collapse.angles},
          {"nc3_duality", collapse.duality},
          {"nc4_disagreement", collapse.disagreement},
          {"classes", collapse.classes},
          {"images", collapse.images}};
}

nlohmann::ordered_json to_json(const CollapseChange& change) {
  return {{"before", to_json(change.before)}, {"after", to_json(change.after)}};
}

}  // namespace

CollapseSummary summarise_collapse(const Classifier& start, const Classifier& trained, const data::Task& task) {
  CollapseSummary summary;
  if (start.custom_logits || trained.custom_logits) return summary;
  if (task.support.image_count() > 0) {
    const Labelled support{task.support.images, task.support.labels};
    summary.support = CollapseChange{of_support(start, support), of_support(trained, support)};
  }
  if (task.query->labelled() && task.query->count() > 0) {
    const Labelled queries = sample(*task.query);
    summary.queries = CollapseChange{measure(start, in_channels(start, queries.features), queries),
                                     measure(trained, in_channels(trained, queries.features), queries)};
  }
  return summary;
}

nlohmann::ordered_json to_json(const CollapseSummary& summary) {
  nlohmann::ordered_json json = nlohmann::ordered_json::object();
  if (summary.support) json["support"] = to_json(*summary.support);
  if (summary.queries) json["queries"] = to_json(*summary.queries);
  return json;
}

}  // namespace trefoil::run
