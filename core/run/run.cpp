#include "run/run.h"

#include <fmt/format.h>

#include "base/data_errors.h"
#include "base/machine.h"
#include "base/stopwatch.h"
#include "base/text.h"
#include "data/layout.h"
#include "data/task_check.h"
#include "features/encode_task.h"
#include "run/model_file.h"
#include "run/output_texts.h"
#include "run/provenance.h"
#include "run/report.h"
#include "run/required_files.h"
#include "run/search_output.h"
#include "runtime/blocks.h"
#include "search/adapter_search.h"

namespace trefoil::run {

namespace {

std::string first_channels(const Channels& channels) {
  constexpr std::int64_t kShown = 8;
  std::string text;
  for (std::int64_t i = 0; i < std::min(channels.kept(), kShown); ++i) {
    text += fmt::format(" {}", channels.index[i].item<std::int64_t>());
  }
  return text + (channels.kept() > kShown ? " …" : "");
}

// "4", or "2 to 4".
std::string range_text(const torch::Tensor& counts) {
  const auto least = counts.min().item<std::int64_t>();
  const auto most = counts.max().item<std::int64_t>();
  return least == most ? base::grouped(most) : base::grouped(least) + " to " + base::grouped(most);
}

std::vector<std::int64_t> as_vector(const torch::Tensor& tensor) {
  return {tensor.data_ptr<std::int64_t>(), tensor.data_ptr<std::int64_t>() + tensor.numel()};
}

}  // namespace

Run::Run(const config::Experiment& experiment, const RunOptions& options, const RunDirectory& directory, RunLog& log,
         SharedWork& shared)
    : experiment_(experiment), options_(options), directory_(directory), log_(log), shared_(shared) {
  summary_.experiment = experiment.name;
  summary_.run_dir = directory.path();
  summary_.submission = directory.file("result.txt");
}

void Run::prepare() {
  directory_.write("config.toml", config::to_toml(experiment_));
  load();
  search();
  build_model();
  if (options_.outputs == Outputs::all) save_model();
  adapt();
}

LoadedTask Run::load_task() {
  const data::Layout& layout = *data::find_layout(experiment_.data.layout);
  const Parameters& parameters = experiment_.data.parameters;
  if (!layout.holds_images()) {
    return {nullptr, timed("load", [&] {
              return base::translate_filesystem_errors([&] {
                data::Task task = layout.load(parameters, experiment_.seed);
                data::check_rows(task, options_.compute.threads);
                return task;
              });
            })};
  }
  require_present(experiment_);
  const data::Dataset dataset = timed("load", [&] {
    return base::translate_filesystem_errors([&] { return layout.list(parameters, experiment_.seed); });
  });
  return timed("encode", [&] { return base::translate_filesystem_errors([&] { return encode(dataset); }); });
}

LoadedTask Run::encode(const data::Dataset& dataset) {
  info(fmt::format("{}, {}, {}", base::counted(dataset.classes.size(), "class"),
                   base::counted(dataset.train.size(), "training image"),
                   base::counted(dataset.test.size(), "test image")));
  const Parameters& parameters = experiment_.data.parameters;
  const bool skip = parameters.text("on_bad_image") == "skip";
  const bool fast = parameters.text("decode") == "fast";
  auto encoder = std::make_shared<features::FeatureEncoder>(
      experiment_.plugins.at(PluginKind::encoder).front(), context_,
      features::EncodeOptions{options_.store, options_.compute,
                              skip ? features::OnBadImage::skip : features::OnBadImage::fail,
                              fast ? formats::Decode::fast : formats::Decode::exact});
  data::Task task =
      features::encode_task(dataset, data::prompt_sources(experiment_.prompts), parameters, experiment_.seed, *encoder);
  return {std::move(encoder), std::move(task)};
}

void Run::load() {
  data_ = &shared_.task.get(task_key(experiment_), [&] { return load_task(); });
  const data::Task& task = data_->task;
  if (data_->encoder) directory_.write("support.txt", support_list(task));
  for (const std::string& note : task.notes) log_.log(LogLevel::warning, note);
  const Support& support = task.support;
  summary_.queries = task.query->count();
  summary_.classes = support.class_count();
  summary_.width = support.width();
  summary_.support_images = support.image_count();
  const torch::Tensor counts = class_counts(support.labels, support.class_count());
  summary_.classes_without_images = (counts == 0).sum().item<std::int64_t>();
  if (task.estimated.defined()) summary_.classes_without_images += task.estimated.sum().item<std::int64_t>();
  info(fmt::format("{}, {} ({} per class), {}, D = {}", base::counted(summary_.classes, "class"),
                   base::counted(summary_.support_images, "support image"), range_text(counts),
                   base::counted(summary_.queries, "query"), summary_.width));
  provenance_ = timed("hash", [&] {
    return base::translate_filesystem_errors(
        [&] { return provenance(experiment_, task, options_.command_line, options_.compute, shared_.sums); });
  });
  if (data_->encoder) provenance_["encoder"] = nlohmann::ordered_json::parse(data_->encoder->key().description);
  directory_.write("provenance.json", json_text(provenance_));
}

// Values that the search chooses replace those of the file.
void Run::search() {
  if (!experiment_.search) return;
  if (experiment_.plugin(PluginKind::adapter) != nullptr && !search::searches_adapter(experiment_)) {
    info("search: the adapter is not searched, and keeps the values of the file");
  }
  const bool nothing_to_choose = experiment_.search->axes.empty() && experiment_.search->heads.empty();
  if (nothing_to_choose && !experiment_.search->parameters.boolean("temperature")) {
    info("search: nothing to search, because every parameter is fixed or no plugin declares a range");
    return;
  }
  const runtime::KeepFreedBlocks keep;
  summary_.search =
      timed("search", [&] { return search::search(experiment_, data_->task, context_, options_.compute); });
  chosen_ = summary_.search->experiment;
  for (const std::string& warning : summary_.search->warnings) log_.log(LogLevel::warning, warning);
  for (const std::string& line : search_lines(*summary_.search)) info(line);
  directory_.write("search.csv", search_table(*summary_.search));
}

// Returns the result of `make` with the metrics that plugins reported meanwhile.
template <typename Make>
auto Run::reported(Make make) {
  runtime::ReportedMetrics before = std::exchange(summary_.plugin_metrics, {});
  auto result = make();
  return Reported<decltype(result)>{std::move(result), std::exchange(summary_.plugin_metrics, std::move(before))};
}

Channels Run::select() {
  const Reported<Channels>& selected =
      shared_.channels.get(channels_key(chosen_), [&] { return reported([&] { return stages_->select(); }); });
  summary_.plugin_metrics.insert(selected.metrics.begin(), selected.metrics.end());
  return selected.result;
}

Classifier Run::train() {
  static const pipeline::AfterHeads kNotSearched;
  const pipeline::AfterHeads& after = summary_.search ? summary_.search->after_heads : kNotSearched;
  std::optional<runtime::KeepFreedBlocks> keep;
  if (stages_->head_count() > 0) keep.emplace();
  return stages_->train(channels_, start_, stages_->head_count(), after);
}

void Run::build_model() {
  stages_.emplace(chosen_, data_->task.support, context_);
  channels_ = timed("select", [&] { return select(); });
  info(experiment_.plugin(PluginKind::selector) == nullptr
           ? fmt::format("no selector: all {} channels are kept", channels_.width())
           : fmt::format("selector {} keeps {} of {} channels, best first:{}",
                         config::plugin_name(experiment_, PluginKind::selector), channels_.kept(), channels_.width(),
                         first_channels(channels_)));
  start_ = timed("relate", [&] { return stages_->relate(channels_); });
  classifier_ = with_contiguous_tensors(timed("train", [&] { return train(); }));
  summary_.channels = as_vector(channels_.index);
  summary_.chosen = chosen_parameters(chosen_, channels_, classifier_);
  if (summary_.search && summary_.search->temperature) {
    classifier_ = pipeline::with_temperature(classifier_, summary_.search->temperature->value);
  }
  summary_.parameter_counts = parameter_counts(classifier_);
  summary_.divergence = summarise_divergence(classifier_);
  describe_model();
}

void Run::describe_model() {
  const std::int64_t used = classifier_.channels.defined() ? classifier_.channels.numel() : classifier_.width();
  if (classifier_.key_count() > 0 && used != channels_.kept()) {
    log_.log(LogLevel::warning,
             fmt::format("relation {} compares images in {} channels, not in the {} selected ones",
                         config::plugin_name(experiment_, PluginKind::relation), used, channels_.kept()));
  }
  if (summary_.divergence) {
    const DivergenceSummary& divergence = *summary_.divergence;
    info(fmt::format("divergence of images from texts: {:.4f} ± {:.4f}; γ = {:g} multiplies α by {:.4f} on average",
                     divergence.mean, divergence.deviation, classifier_.gamma, divergence.gain));
  }
  info(
      fmt::format("model: {} (encoder excluded)", base::counted(summary_.parameter_counts.back().second, "parameter")));
}

void Run::save_model() {
  const bool is_code = static_cast<bool>(classifier_.custom_logits);
  if (is_code && !stages_->can_restore(classifier_)) {
    info("no model.safetensors is written: the classifier's logits are code of a plugin, which a file cannot hold");
    return;
  }
  Model model;
  model.experiment = experiment_.name;
  model.layout = experiment_.data.layout;
  model.classifier = classifier_;
  model.class_names = data_->task.class_names;
  model.subsets = data_->task.subsets;
  if (data_->encoder) model.encoder = encoder_recipe(experiment_, data_->encoder->key());
  if (is_code) {
    const bool is_divided = summary_.search && summary_.search->temperature;
    model.relation = relation_recipe(chosen_, is_divided ? summary_.search->temperature->value : 1);
  }
  if (summary_.search) model.warnings = summary_.search->warnings;
  if (const runtime::PluginChoice* adapter = chosen_.plugin(PluginKind::adapter)) {
    model.adapter = adapter_recipe(*adapter, experiment_.seed, shared_.sums);
    model.support = data_->task.support;
    model.channels = channels_;
  }
  write_model(directory_.file("model.safetensors"), model);
}

// The saved model is the classifier before it is adapted, because `predict` adapts it to other images.
void Run::adapt() {
  adapted_ = {classifier_, {}};
  const runtime::PluginChoice* const choice = chosen_.plugin(PluginKind::adapter);
  if (choice == nullptr) return;
  adapter_.emplace(*choice, context_);
  const data::Task& task = data_->task;
  summary_.transduction = transduction_of(*adapter_, *task.query, task.support.class_count());
  log_transduction(*summary_.transduction, log_);
  const runtime::KeepFreedBlocks keep;
  adapted_ = timed("adapt", [&] { return adapter_->adapt(classifier_, task.support, channels_, *task.query); });
}

Submitter Run::submitter() {
  const bool all = options_.outputs == Outputs::all;
  submission_.emplace(SubmissionFiles{summary_.submission, all ? directory_.file("predictions.csv") : "",
                                      directory_.file("ranks.txt")});
  return {adapted_, *submission_};
}

Summary Run::finish(double seconds) {
  summary_.seconds.emplace_back("classify", seconds);
  summary_.metrics = submission_->finish();
  if (summary_.metrics) log_metrics(*summary_.metrics, log_);
  measure_collapse();
  double total = 0;
  for (const auto& [stage, spent] : summary_.seconds) total += spent;
  summary_.seconds.emplace_back("total", total);
  write_results();
  return std::move(summary_);
}

void Run::measure_collapse() {
  if (experiment_.plugin(PluginKind::head) == nullptr) return;
  const runtime::KeepFreedBlocks keep;
  summary_.collapse =
      timed("collapse", [&] { return summarise_collapse(start_, classifier_, data_->task, options_.compute.threads); });
}

void Run::write_results() {
  const data::Task& task = data_->task;
  summary_.peak_memory_mib = base::peak_memory_mib();
  summary_.warnings = log_.warnings();
  if (summary_.metrics) directory_.write("metrics.jsonl", metrics_line(summary_));
  if (options_.outputs == Outputs::all) {
    if (summary_.metrics) directory_.write("confusion.csv", confusion_table(*summary_.metrics, task.class_names));
    directory_.write("report.html", report_html(summary_, channels_, task, experiment_, provenance_));
  }
  directory_.write("summary.json", json_text(to_full_json(summary_, task.class_names)), base::Durability::power_loss);
  directory_.record_checksums();
}

}  // namespace trefoil::run
