// Summary: what came out of a run, as a value, and as summary.json.
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
#include "runtime/plugin_host.h"
#include "search/search.h"
#include "trefoil/channels.h"
#include "trefoil/classifier.h"

namespace trefoil::run {

// How far the cached images are from their classes' texts, and what γ makes of it.
struct DivergenceSummary {
  double mean = 0;
  double deviation = 0;  // standard deviation over the keys
  double minimum = 0;
  double maximum = 0;
  double gain = 0;  // mean of exp(γ · divergence): the factor on α that γ amounts to
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
  runtime::ReportedMetrics figures;
  std::optional<pipeline::Metrics> metrics;  // with labels
  nlohmann::ordered_json chosen;             // the numbers the submission was made with
  std::optional<search::SearchResult> search;
  CollapseSummary collapse;
  std::vector<std::pair<std::string, std::int64_t>> account;  // parameters of the model, part by part
  std::vector<std::pair<std::string, double>> seconds;
  double peak_memory_mib = 0;  // of the process, so far
  std::vector<std::string> warnings;
};

// Nothing when no key has a divergence.
std::optional<DivergenceSummary> summarise_divergence(const Classifier& classifier);

// q, α, β and γ as they were used (these three where there is a cache to weigh), and whatever else was searched.
nlohmann::ordered_json chosen_numbers(const config::Experiment& experiment, const Channels& channels,
                                      const Classifier& classifier);

// How many numbers the model holds: text, bias, keys, key weights, and their sum.
std::vector<std::pair<std::string, std::int64_t>> parameter_account(const Classifier& classifier);

// "test.top1", "test.top5", …, in percent; empty without metrics.
nlohmann::ordered_json metrics_json(const std::optional<pipeline::Metrics>& metrics);

// The object that `--json` prints: the stable subset.
nlohmann::ordered_json to_json(const Summary& summary);

// summary.json: the same, and everything else.
nlohmann::ordered_json to_full_json(const Summary& summary, const std::vector<std::string>& class_names);

}  // namespace trefoil::run
