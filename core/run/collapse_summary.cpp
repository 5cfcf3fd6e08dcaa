#include "run/collapse_summary.h"

#include <ATen/ops/cat.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "runtime/blocks.h"

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

// The features of the images as the classifier compares them. The support is measured by the classifier's keys.
torch::Tensor seen_by(const Classifier& classifier, const Labelled& images, bool are_support) {
  const bool keys_are_images =
      are_support && classifier.key_count() == images.labels.size(0) && classifier.labels.equal(images.labels);
  return keys_are_images ? classifier.keys : in_channels(classifier, images.features);
}

// Measures the features once if training has not changed them.
CollapseChange change(const Classifier& start, const Classifier& trained, const Labelled& images, bool are_support) {
  const auto measure = [&](const pipeline::FeatureClusters& clusters, const Classifier& classifier) {
    return clusters.measure(in_channels(classifier, classifier.text), predicted(classifier, images.features));
  };
  const torch::Tensor before = seen_by(start, images, are_support);
  const torch::Tensor after = seen_by(trained, images, are_support);
  const pipeline::FeatureClusters of_before(before, images.labels, start.class_count());
  if (after.equal(before)) return {measure(of_before, start), measure(of_before, trained)};
  return {measure(of_before, start),
          measure(pipeline::FeatureClusters(after, images.labels, trained.class_count()), trained)};
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

CollapseSummary summarise_collapse(const Classifier& start, const Classifier& trained, const data::Task& task,
                                   int threads) {
  CollapseSummary summary;
  if (start.custom_logits || trained.custom_logits) return summary;
  const bool has_support = task.support.image_count() > 0;
  const bool has_labels = task.query->labelled() && task.query->count() > 0;
  // The support and the queries are measured at the same time.
  const auto measure = [&](std::int64_t part, std::int64_t /*count*/) -> std::optional<CollapseChange> {
    if (part == 0 && has_support) {
      return change(start, trained, {task.support.images, task.support.labels}, /*are_support=*/true);
    }
    if (part == 1 && has_labels) return change(start, trained, sample(*task.query), /*are_support=*/false);
    return std::nullopt;
  };
  std::vector<std::optional<CollapseChange>> changes;
  runtime::in_blocks(2, 1, threads, measure,
                     [&](std::optional<CollapseChange> measured) { changes.push_back(measured); });
  summary.support = changes[0];
  summary.queries = changes[1];
  return summary;
}

nlohmann::ordered_json to_json(const CollapseSummary& summary) {
  nlohmann::ordered_json json = nlohmann::ordered_json::object();
  if (summary.support) json["support"] = to_json(*summary.support);
  if (summary.queries) json["queries"] = to_json(*summary.queries);
  return json;
}

}  // namespace trefoil::run
