#include "run/summary.h"

#include "run/search_output.h"

namespace trefoil::run {

namespace {

using Json = nlohmann::ordered_json;

template <typename Number>
Json object_of(const std::vector<std::pair<std::string, Number>>& items) {
  Json object = Json::object();
  for (const auto& [key, value] : items) object[key] = value;
  return object;
}

Json per_class_list(const pipeline::Metrics& metrics, const std::vector<std::string>& class_names) {
  Json list = Json::array();
  for (std::size_t i = 0; i < class_names.size(); ++i) {
    const pipeline::ClassCount& count = metrics.per_class().at(i);
    Json entry = {{"class", i}, {"name", class_names[i]}, {"queries", count.queries}};
    if (count.queries > 0) {
      entry["top1"] = pipeline::Metrics::percent(count.top1, count.queries);
      entry["top5"] = pipeline::Metrics::percent(count.top5, count.queries);
    }
    list.push_back(std::move(entry));
  }
  return list;
}

}  // namespace

std::optional<DivergenceSummary> summarise_divergence(const Classifier& classifier) {
  if (!classifier.divergence.defined() || classifier.key_count() == 0) return std::nullopt;
  const torch::Tensor divergence = classifier.divergence.to(torch::kDouble);
  return DivergenceSummary{divergence.mean().item<double>(), divergence.std(/*unbiased=*/false).item<double>(),
                           divergence.min().item<double>(), divergence.max().item<double>(),
                           (divergence * classifier.gamma).exp().mean().item<double>()};
}

Json chosen_parameters(const config::Experiment& experiment, const Channels& channels, const Classifier& classifier) {
  Json numbers = {{"selector.q", channels.kept()}};
  const auto& declared = experiment.plugin(PluginKind::relation)->parameters.values();
  const bool has_cache = classifier.key_count() > 0 || classifier.custom_logits;
  for (const auto& [name, value] : {std::pair<std::string, double>("alpha", classifier.alpha),
                                    {"beta", classifier.beta},
                                    {"gamma", classifier.gamma}}) {
    if (declared.count(name) > 0 && has_cache) numbers["relation." + name] = value;
  }
  if (!experiment.search) return numbers;
  if (!experiment.search->heads.empty()) numbers["head.plugin"] = config::plugin_name(experiment, PluginKind::head);
  for (const config::SearchAxis& axis : experiment.search->axes) {
    if (config::is_cache_hyperparameter(axis.key)) continue;
    const double value = config::value_of(experiment, axis);
    numbers[axis.key] = axis.whole ? Json(static_cast<std::int64_t>(value)) : Json(value);
  }
  return numbers;
}

std::vector<std::pair<std::string, std::int64_t>> parameter_counts(const Classifier& classifier) {
  std::vector<std::pair<std::string, std::int64_t>> counts;
  std::int64_t total = 0;
  const auto add = [&](const char* part, const torch::Tensor& tensor) {
    if (!tensor.defined() || tensor.numel() == 0) return;
    counts.emplace_back(part, tensor.numel());
    total += tensor.numel();
  };
  add("text", classifier.text);
  add("bias", classifier.bias);
  add("keys", classifier.keys);
  add("values", classifier.values);
  if (classifier.weight.defined() || classifier.divergence.defined()) add("key_weights", effective_weight(classifier));
  counts.emplace_back("total", total);
  return counts;
}

Json metrics_json(const std::optional<pipeline::Metrics>& metrics) {
  Json object = Json::object();
  if (metrics) {
    object["test.top1"] = metrics->top1();
    object["test.top5"] = metrics->top5();
    object["test.per_class"] = metrics->per_class_mean();
    if (const auto error = metrics->calibration().error()) object["test.ece"] = *error;
    if (const auto loss = metrics->calibration().loss()) object["test.nll"] = *loss;
    for (const auto& [subset, count] : metrics->per_subset()) {
      object["test.top1." + subset] = pipeline::Metrics::percent(count.top1, count.queries);
      object["test.top5." + subset] = pipeline::Metrics::percent(count.top5, count.queries);
    }
  }
  return object;
}

Json to_json(const Summary& summary) {
  Json json = {{"experiment", summary.experiment},
               {"run_dir", summary.run_dir.string()},
               {"submission", summary.submission.string()},
               {"metrics", metrics_json(summary.metrics)},
               {"chosen", summary.chosen},
               {"parameters", object_of(summary.parameter_counts)},
               {"seconds", object_of(summary.seconds)},
               {"warnings", summary.warnings}};
  if (summary.transduction) json["adapter"] = *summary.transduction;
  return json;
}

Json to_full_json(const Summary& summary, const std::vector<std::string>& class_names) {
  Json json = to_json(summary);
  json["queries"] = summary.queries;
  json["classes"] = summary.classes;
  json["support_images"] = summary.support_images;
  json["classes_without_images"] = summary.classes_without_images;
  json["channels"] = {{"of", summary.width}, {"kept", summary.channels}};
  if (summary.divergence) {
    const DivergenceSummary& divergence = *summary.divergence;
    json["divergence"] = {{"mean", divergence.mean},
                          {"deviation", divergence.deviation},
                          {"minimum", divergence.minimum},
                          {"maximum", divergence.maximum},
                          {"gain", divergence.gain}};
  }
  if (summary.collapse.support) json["collapse"] = to_json(summary.collapse);
  if (summary.search) json["search"] = search_json(*summary.search);
  json["peak_memory_mib"] = summary.peak_memory_mib;
  json["figures"] = summary.plugin_metrics;
  if (summary.metrics) json["per_class"] = per_class_list(*summary.metrics, class_names);
  return json;
}

}  // namespace trefoil::run
