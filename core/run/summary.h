// Summary: the results of a run, as a value and as summary.json.
#pragma once

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "config/experiment.h"
#include "data/task.h"
#include "pipeline/metrics.h"
#include "run/collapse_summary.h"
#include "run/transduction.h"
#include "runtime/plugin_host.h"
#include "search/search.h"
#include "trefoil/channels.h"
#include "trefoil/classifier.h"

namespace trefoil::run {

// The divergence of the cached images from their classes' texts.
struct DivergenceSummary {
  double mean = 0;
  double deviation = 0;  // standard deviation over the keys
  double minimum = 0;
  double maximum = 0;
  double gain = 0;  // mean of exp(γ · divergence): the factor by which γ changes α on average
};

struct Summary {
  std::string experiment;
  std::filesystem::path run_dir;
  std::filesystem::path submission;
  std::int64_t queries = 0;
  std::int64_t classes = 0;
  std::int64_t width = 0;
  std::int64_t support_images = 0;
  std::int64_t classes_without_images = 0;
  std::vector<std::int64_t> channels;  // kept, best first
  std::optional<DivergenceSummary> divergence;
  runtime::ReportedMetrics plugin_metrics;
  std::optional<pipeline::Metrics> metrics;  // with labels
  nlohmann::ordered_json chosen;             // the parameters that the submission was made with
  std::optional<search::SearchResult> search;
  std::optional<Transduction> transduction;  // with an adapter
  CollapseSummary collapse;
  std::vector<std::pair<std::string, std::int64_t>> parameter_counts;  // of the model, by part; the last is the total
  std::vector<std::pair<std::string, double>> seconds;
  double peak_memory_mib = 0;  // of the process until now
  std::vector<std::string> warnings;
};

// Returns nothing when the classifier has no divergences.
std::optional<DivergenceSummary> summarise_divergence(const Classifier& classifier);

// q, then α, β and γ when the classifier has a cache, then all other searched parameters, with the values that were
// used.
nlohmann::ordered_json chosen_parameters(const config::Experiment& experiment, const Channels& channels,
                                         const Classifier& classifier);

// The number of parameters of the model by part (text, bias, keys, key weights), and the total.
std::vector<std::pair<std::string, std::int64_t>> parameter_counts(const Classifier& classifier);

// "test.top1", "test.top5", …, in percent, and "test.nll" in nats; empty without metrics. "test.ece" and "test.nll" are
// missing if no image could be read.
nlohmann::ordered_json metrics_json(const std::optional<pipeline::Metrics>& metrics);

// The object that `--json` prints. Its keys are stable.
nlohmann::ordered_json to_json(const Summary& summary);

// summary.json: the object of `--json` with all other results.
nlohmann::ordered_json to_full_json(const Summary& summary, const std::vector<std::string>& class_names);

}  // namespace trefoil::run
