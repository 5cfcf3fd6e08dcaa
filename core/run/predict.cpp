#include "run/predict.h"

#include <utility>

#include "base/atomic_file.h"
#include "base/data_errors.h"
#include "base/errors.h"
#include "base/stopwatch.h"
#include "base/text.h"
#include "data/image_files.h"
#include "data/task_check.h"
#include "data/test_labels.h"
#include "features/image_queries.h"
#include "run/model_file.h"
#include "run/submission.h"
#include "run/summary.h"
#include "runtime/blocks.h"

namespace trefoil::run {

namespace {

// Passes everything on to the caller's observer, and collects the warnings.
class WarningKeeper final : public runtime::Observer {
 public:
  explicit WarningKeeper(runtime::Observer& caller) : caller_(caller) {}

  void log(LogLevel level, const std::string& line) override {
    if (level == LogLevel::warning) warnings_.push_back(line);
    caller_.log(level, line);
  }

  void progress(const std::string& stage, std::int64_t done, std::int64_t total) override {
    caller_.progress(stage, done, total);
  }

  const std::vector<std::string>& warnings() const { return warnings_; }

 private:
  runtime::Observer& caller_;
  std::vector<std::string> warnings_;
};

// Lists images as the model's layout lists its test images: `track1` those in the folder, others also those below it.
std::vector<data::ImageEntry> list_images(const std::filesystem::path& folder, const std::string& layout,
                                          data::ImageFinder& finder) {
  std::vector<data::ImageEntry> images;
  for (const std::filesystem::path& file : layout == "track1" ? finder.in(folder) : finder.below(folder)) {
    images.push_back({file, file.lexically_relative(folder).string(), -1});
  }
  if (images.empty()) finder.refuse_as_empty(folder);
  return images;
}

class Predictor {
 public:
  Predictor(const PredictOptions& options, runtime::Observer& observer) : options_(options), observer_(observer) {}

  Prediction predict() {
    const base::Stopwatch total;
    prediction_.result = std::filesystem::absolute(options_.result).lexically_normal();
    read_model();
    // Opened before the images are encoded, so that a folder that cannot be written is found before hours of work.
    base::make_folder_of(prediction_.result);
    Submission submission({prediction_.result, "", ""});
    const auto queries = load_queries();
    classify(*queries, submission);
    prediction_.seconds.emplace_back("total", total.seconds());
    prediction_.warnings = observer_.warnings();
    return std::move(prediction_);
  }

 private:
  template <typename Stage>
  auto timed(const std::string& name, Stage stage) {
    const base::Stopwatch watch;
    auto result = stage();
    prediction_.seconds.emplace_back(name, watch.seconds());
    return result;
  }

  std::shared_ptr<const data::Queries> load_queries() {
    return timed("load", [&] { return options_.images.empty() ? from_features() : from_images(); });
  }

  // Adapts the model's classifier to the queries, if it has an adapter.
  Adapted adapted(const data::Queries& queries) {
    if (!model_.adapter) return {model_.classifier, {}};
    runtime::PluginChoice choice =
        choose_adapter(*model_.adapter, prediction_.model.string(), options_.allow_code, registry(), sums_);
    choice.named_at = prediction_.model.string();
    warn_of_other_version(*choice.plugin->descriptor);
    const int threads = options_.encode.compute.threads;
    data::check_rows(queries, threads);
    adapter_.emplace(choice, runtime::RunContext{model_.adapter->seed, observer_, figures_, sums_, threads});
    prediction_.transduction = transduction_of(*adapter_, queries, model_.classifier.class_count());
    log_transduction(*prediction_.transduction, observer_);
    const runtime::KeepFreedBlocks keep;
    return timed("adapt", [&] { return adapter_->adapt(model_.classifier, model_.support, model_.channels, queries); });
  }

  void warn_of_other_version(const PluginDescriptor& adapter) {
    if (model_.adapter->version == adapter.version) return;
    warn("the model was made with version " + model_.adapter->version + " of adapter " + adapter.name +
         ", and this is version " + adapter.version + ": predictions may differ");
  }

  void classify(const data::Queries& queries, Submission& submission) {
    prediction_.queries = queries.count();
    const Adapted classifier = adapted(queries);
    const std::string label = adapter_ ? adapter_->plugin_label() : "of the model " + prediction_.model.string();
    prediction_.metrics = timed("classify", [&] {
      submit(queries, {{classifier, submission}}, label, model_.subsets, options_.encode.compute, observer_);
      return submission.finish();
    });
    if (prediction_.metrics) log_metrics(*prediction_.metrics, observer_);
  }

  void warn(const std::string& line) { observer_.log(LogLevel::warning, line); }

  void read_model() {
    prediction_.model = find_model(options_.model);
    model_ = run::read_model(prediction_.model);
    observer_.log(LogLevel::info, "model of " + model_.experiment + ": " +
                                      base::counted(model_.classifier.class_count(), "class") +
                                      ", D = " + std::to_string(model_.classifier.width()));
    for (const std::string& warning : model_.warnings) warn("from the run that made the model: " + warning);
    if (model_.relation) restore_logits();
  }

  void restore_logits() {
    relation_.emplace(*model_.relation, prediction_.model.string(), options_.allow_code, registry(), context());
    model_.classifier = relation_->restored(std::move(model_.classifier));
  }

  const runtime::Registry& registry() {
    if (!registry_) registry_.emplace(runtime::search_path(options_.plugin_folders));
    return *registry_;
  }

  runtime::RunContext context() { return {0, observer_, figures_, sums_, options_.encode.compute.threads}; }

  std::shared_ptr<const data::Queries> from_features() const {
    std::shared_ptr<const formats::Array> features = formats::open_array(options_.features);
    std::shared_ptr<const formats::Array> labels =
        options_.labels.empty() ? nullptr : formats::open_array(options_.labels);
    return std::make_shared<data::Queries>(features, options_.features, labels, options_.labels,
                                           model_.classifier.width(), model_.classifier.class_count());
  }

  std::shared_ptr<const data::Queries> from_images() {
    data::Dataset dataset;
    dataset.test_folder = options_.images;
    data::ImageFinder finder;
    dataset.test = list_images(options_.images, model_.layout, finder);
    if (const std::string ignored = finder.ignored(); !ignored.empty()) observer_.log(LogLevel::info, ignored);
    const std::int64_t classes = model_.classifier.class_count();
    if (!options_.labels.empty()) {
      data::set_test_labels(dataset.test, options_.labels, static_cast<std::size_t>(classes));
    }
    make_encoder();
    std::vector<std::string> notes;
    features::ImageRows rows =
        encoder_->images(encoder_->scan(features::files_of(dataset.test), {}), "encode test images").rows;
    auto queries =
        features::image_queries(dataset, std::move(rows), classes, model_.classifier.width(), *encoder_, notes);
    for (const std::string& note : notes) warn(note);
    return queries;
  }

  void make_encoder() {
    const std::string file = prediction_.model.string();
    if (!model_.encoder) {
      throw DataError(
          file + ": the model was trained on feature files and names no encoder; give --features instead of images");
    }
    runtime::PluginChoice choice = choose_encoder(*model_.encoder, options_.encoder_settings, registry());
    choice.named_at = file;
    features::EncodeOptions encode = options_.encode;
    encode.decode = features::decode_of(model_.encoder->key);
    try {
      encoder_.emplace(choice, context(), encode);
    } catch (const DataError& error) {
      throw DataError(std::string(error.what()) +
                      "\nthe model's encoder needs this file; if it has moved, give its path, for example "
                      "--set weights=PATH");
    }
    require_same_encoder();
  }

  void require_same_encoder() {
    const EncoderDifferences found = differences(*model_.encoder, encoder_->key());
    if (!found.decisive.empty()) {
      throw DataError(prediction_.model.string() +
                      ": the encoder is not the one that the model was made with:" + found.decisive +
                      "\ngive the right files with --set, or run the experiment again with this encoder");
    }
    if (!found.minor.empty()) {
      warn("the encoder differs slightly from the one that the model was made with; features may differ by rounding:" +
           found.minor);
    }
  }

  const PredictOptions& options_;
  WarningKeeper observer_;
  Prediction prediction_;
  Model model_;
  runtime::ReportedMetrics figures_;
  base::FileSums sums_;
  std::optional<runtime::Registry> registry_;
  std::optional<RestoredRelation> relation_;         // outlives the uses of the model's classifier
  std::optional<features::FeatureEncoder> encoder_;  // outlives the queries, which read from its store
  std::optional<pipeline::AdapterStage> adapter_;
};

}  // namespace

Prediction predict(const PredictOptions& options, runtime::Observer& observer) {
  return base::translate_filesystem_errors([&] { return Predictor(options, observer).predict(); });
}

nlohmann::ordered_json to_json(const Prediction& prediction) {
  nlohmann::ordered_json json = {{"model", prediction.model.string()},
                                 {"submission", prediction.result.string()},
                                 {"queries", prediction.queries},
                                 {"metrics", metrics_json(prediction.metrics)},
                                 {"warnings", prediction.warnings}};
  if (prediction.transduction) json["adapter"] = *prediction.transduction;
  for (const auto& [stage, seconds] : prediction.seconds) json["seconds"][stage] = seconds;
  return json;
}

}  // namespace trefoil::run
