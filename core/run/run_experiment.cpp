#include "run/run_experiment.h"

#include <fmt/format.h>

#include <optional>
#include <utility>

#include "base/csv.h"
#include "base/errors.h"
#include "base/machine.h"
#include "base/reading.h"
#include "base/sha256.h"
#include "base/stopwatch.h"
#include "data/layout.h"
#include "features/encode_task.h"
#include "pipeline/blocks.h"
#include "pipeline/stages.h"
#include "run/log.h"
#include "run/model_file.h"
#include "run/provenance.h"
#include "run/report.h"
#include "run/required_files.h"
#include "run/run_directory.h"
#include "run/search_output.h"
#include "run/status.h"
#include "run/submission.h"
#include "search/search.h"

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

std::vector<std::int64_t> as_vector(const torch::Tensor& tensor) {
  return {tensor.data_ptr<std::int64_t>(), tensor.data_ptr<std::int64_t>() + tensor.numel()};
}

// Whatever bytes a path holds, the JSON is valid.
std::string json_text(const nlohmann::ordered_json& json) {
  return json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

class Run {
 public:
  Run(const config::Experiment& experiment, const RunOptions& options, const RunDirectory& directory, RunLog& log)
      : experiment_(experiment), options_(options), directory_(directory), log_(log) {}

  Summary execute() {
    const base::Stopwatch total;
    summary_.experiment = experiment_.name;
    summary_.run_dir = directory_.path();
    summary_.submission = directory_.file("result.txt");
    directory_.write("config.toml", config::to_toml(experiment_));
    load();
    search();
    build_model();
    save_model();
    classify();
    measure_collapse();
    summary_.seconds.emplace_back("total", total.seconds());
    write_results();
    return std::move(summary_);
  }

 private:
  // Runs one stage and keeps its time.
  template <typename Stage>
  auto timed(const std::string& name, Stage stage) {
    log_.progress(name, 0, 1);
    const base::Stopwatch watch;
    auto result = stage();
    summary_.seconds.emplace_back(name, watch.seconds());
    log_.progress(name, 1, 1);
    return result;
  }

  void info(const std::string& line) { log_.log(LogLevel::info, line); }

  void load() {
    const data::Layout& layout = *data::find_layout(experiment_.data.layout);
    const Parameters& parameters = experiment_.data.parameters;
    if (layout.holds_images()) {
      require_present(experiment_);
      const data::Dataset dataset =
          timed("load", [&] { return base::as_data_error([&] { return layout.list(parameters); }); });
      task_ = timed("encode", [&] { return base::as_data_error([&] { return encode(dataset); }); });
      directory_.write("support.txt", support_list());
    } else {
      task_ = timed("load", [&] { return base::as_data_error([&] { return layout.load(parameters); }); });
    }
    for (const std::string& note : task_.notes) log_.log(LogLevel::warning, note);
    const Support& support = task_.support;
    summary_.queries = task_.query->count();
    summary_.classes = support.class_count();
    summary_.width = support.width();
    summary_.support_images = support.image_count();
    const torch::Tensor counts = class_counts(support.labels, support.class_count());
    summary_.classes_without_images = (counts == 0).sum().item<std::int64_t>();
    info(fmt::format("{} classes, {} support images ({} to {} a class), {} queries, D = {}", summary_.classes,
                     summary_.support_images, counts.min().item<std::int64_t>(), counts.max().item<std::int64_t>(),
                     summary_.queries, summary_.width));
    provenance_ = timed("hash", [&] {
      return base::as_data_error(
          [&] { return provenance(experiment_, task_, options_.command_line, options_.compute, sums_); });
    });
    if (encoder_) provenance_["encoder"] = nlohmann::ordered_json::parse(encoder_->key().description);
    directory_.write("provenance.json", json_text(provenance_));
  }

  data::Task encode(const data::Dataset& dataset) {
    info(fmt::format("{} classes, {} training images, {} test images", dataset.classes.size(), dataset.train.size(),
                     dataset.test.size()));
    const Parameters& parameters = experiment_.data.parameters;
    const bool skip = parameters.text("on_bad_image") == "skip";
    encoder_.emplace(*experiment_.encoder, context_,
                     features::EncodeOptions{options_.store, options_.compute,
                                             skip ? features::OnBadImage::skip : features::OnBadImage::fail});
    return features::encode_task(dataset, data::prompt_sources(experiment_.prompts), parameters, experiment_.seed,
                                 *encoder_);
  }

  // In the form of a train list, so that it can be fed back by data.support_list.
  std::string support_list() const {
    std::string text;
    for (const auto& [name, label] : task_.support_list) text += name + " " + std::to_string(label) + "\n";
    return text;
  }

  // What is set by the file is replaced by what the search chooses.
  void search() {
    if (!experiment_.search) return;
    const pipeline::KeepFreedBlocks keep;
    summary_.search = timed("search", [&] { return search::search(experiment_, task_, context_, options_.compute); });
    chosen_ = summary_.search->experiment;
    for (const std::string& warning : summary_.search->warnings) log_.log(LogLevel::warning, warning);
    for (const std::string& line : search_lines(*summary_.search)) info(line);
    directory_.write("search.csv", search_table(*summary_.search));
  }

  void build_model() {
    pipeline::Stages& stages = stages_.emplace(chosen_, task_.support, context_);
    channels_ = timed("select", [&] { return stages.select(); });
    info(fmt::format("selector {} keeps {} of {} channels, best first:{}",
                     experiment_.selector.plugin->descriptor->name, channels_.kept(), channels_.width(),
                     first_channels(channels_)));
    start_ = timed("relate", [&] { return stages.relate(channels_); });
    classifier_ = as_read(timed("train", [&] {
      const pipeline::KeepFreedBlocks keep;
      return stages.train(channels_, start_);
    }));
    if (summary_.search && summary_.search->trained) {
      const search::Strengths& strengths = *summary_.search->trained;
      classifier_.alpha = strengths.alpha;
      classifier_.beta = strengths.beta;
      classifier_.gamma = strengths.gamma;
    }
    summary_.channels = as_vector(channels_.index);
    summary_.chosen = chosen_numbers(chosen_, channels_, classifier_);
    summary_.account = parameter_account(classifier_);
    summary_.divergence = summarise_divergence(classifier_);
    describe_model();
  }

  void describe_model() {
    const std::int64_t used = classifier_.channels.defined() ? classifier_.channels.numel() : classifier_.width();
    if (classifier_.key_count() > 0 && used != channels_.kept()) {
      log_.log(LogLevel::warning,
               fmt::format("relation {} compares images in {} channels, not in the {} that were selected",
                           experiment_.relation.plugin->descriptor->name, used, channels_.kept()));
    }
    if (summary_.divergence) {
      const DivergenceSummary& divergence = *summary_.divergence;
      info(fmt::format("divergence of images from texts {:.4f} ± {:.4f}; γ = {:g} is a gain of {:.4f} on α",
                       divergence.mean, divergence.deviation, classifier_.gamma, divergence.gain));
    }
    info(fmt::format("the model holds {} numbers besides the encoder", summary_.account.back().second));
  }

  void save_model() {
    if (!can_be_saved(classifier_)) {
      info("the logits are code of a plugin, which no file can hold: there will be no model.safetensors");
      return;
    }
    Model model{experiment_.name, experiment_.data.layout, classifier_, task_.class_names, task_.subsets, {}, {}};
    if (encoder_) model.encoder = encoder_recipe(experiment_, encoder_->key());
    if (summary_.search) model.warnings = summary_.search->warnings;
    write_model(directory_.file("model.safetensors"), model);
  }

  void classify() {
    const base::Stopwatch watch;
    Submission submission(summary_.submission, directory_.file("predictions.csv"));
    summary_.metrics =
        submission.submit(*task_.query, classifier_, stages_->maker(), task_.subsets, options_.compute, log_);
    summary_.seconds.emplace_back("classify", watch.seconds());
  }

  void measure_collapse() {
    if (!config::has_head(experiment_)) return;
    const pipeline::KeepFreedBlocks keep;
    summary_.collapse = timed("collapse", [&] { return summarise_collapse(start_, classifier_, task_); });
  }

  void write_results() {
    summary_.peak_memory_mib = base::peak_memory_mib();
    summary_.warnings = log_.warnings();
    if (summary_.metrics) {
      directory_.write("confusion.csv", confusion_table());
      directory_.write("metrics.jsonl", metrics_line());
    }
    directory_.write("report.html", report_html(summary_, channels_, task_.class_names, experiment_, provenance_));
    directory_.write("summary.json", json_text(to_full_json(summary_, task_.class_names)));
  }

  std::string metrics_line() const {
    nlohmann::ordered_json line = {{"stage", "test"}};
    line.update(to_json(summary_).at("metrics"));
    if (!summary_.warnings.empty()) line["warnings"] = summary_.warnings;
    return line.dump() + "\n";
  }

  std::string confusion_table() const {
    std::string table = "truth,predicted,count,truth_name,predicted_name\n";
    for (const pipeline::Confusion& pair : summary_.metrics->confusion()) {
      table += fmt::format("{},{},{},{},{}\n", pair.truth, pair.predicted, pair.count,
                           base::csv_field(task_.class_names.at(static_cast<std::size_t>(pair.truth))),
                           base::csv_field(task_.class_names.at(static_cast<std::size_t>(pair.predicted))));
    }
    return table;
  }

  const config::Experiment& experiment_;
  const RunOptions& options_;
  const RunDirectory& directory_;
  RunLog& log_;
  config::Experiment chosen_ = experiment_;  // with what the search chose
  Summary summary_;
  base::FileSums sums_;
  pipeline::RunContext context_{experiment_.seed, log_, summary_.figures, sums_, options_.compute.threads};
  std::optional<features::FeatureEncoder> encoder_;  // outlives the task, whose queries read from its store
  data::Task task_;
  Channels channels_;
  std::optional<pipeline::Stages> stages_;  // outlives the classifier, which may call into its plugins
  Classifier start_;                        // before training
  Classifier classifier_;
  nlohmann::ordered_json provenance_;
};

// The run is complete by now: that a link could not be set must not make it a failure.
void mark_latest(const RunDirectory& directory, RunLog& log) {
  try {
    directory.mark_latest();
  } catch (const RunError& error) {
    log.log(LogLevel::warning, error.what());
  }
}

}  // namespace

Summary run_experiment(const config::Experiment& experiment, const RunOptions& options, pipeline::Observer& observer) {
  const RunDirectory directory(options.runs, experiment.name, base::sha256(config::to_toml(experiment)));
  Status status(directory.file("status.json"));
  RunLog log(directory.file("log.txt"), observer, status);
  try {
    Summary summary = Run(experiment, options, directory, log).execute();
    mark_latest(directory, log);
    status.finish("done", "");
    return summary;
  } catch (const Interrupted& interruption) {
    log.record_failure(interruption.what());
    status.finish("interrupted", interruption.what());
    throw;
  } catch (const std::exception& error) {
    log.record_failure(error.what());
    status.finish("failed", error.what());
    throw;
  }
}

}  // namespace trefoil::run
