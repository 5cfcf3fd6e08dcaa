#include <fmt/format.h>

#include <cstdio>
#include <nlohmann/json.hpp>

#include "commands.h"
#include "compute.h"
#include "config/diagnostics.h"
#include "json_line.h"
#include "metrics_output.h"
#include "result_stream.h"
#include "run/predict.h"
#include "terminal.h"

namespace runner {

namespace {

using namespace trefoil;

void check_options(const PredictOptions& options) {
  config::Diagnostics diagnostics;
  if (options.images.empty() == options.features.empty()) {
    diagnostics.error(
        {}, options.images.empty() ? "there is nothing to classify" : "--images and --features exclude each other",
        "give either --images DIR or --features FILE");
  }
  if (!options.features.empty() && !options.values.empty()) {
    diagnostics.error({}, "--set has no effect with --features, which needs no encoder", "remove --set");
  }
  if (std::filesystem::is_directory(options.out)) {
    diagnostics.error({}, "--out " + options.out.string() + " is a folder",
                      "give a file, for example --out result.txt");
  }
  diagnostics.throw_if_any();
}

run::PredictOptions predict_options(const PredictOptions& options, const runtime::Compute& compute) {
  run::PredictOptions result;
  result.model = options.model;
  result.images = options.images;
  result.features = options.features;
  result.labels = options.labels;
  result.result = options.out;
  result.allow_code = options.allow_code;
  result.encoder_settings = options.values;
  result.plugin_folders = options.plugins.with({});
  result.encode.store = options.store;
  result.encode.compute = compute;
  result.encode.on_bad_image = options.on_bad_image == "skip" ? features::OnBadImage::skip : features::OnBadImage::fail;
  return result;
}

void print_result(const run::Prediction& prediction, std::FILE* to) {
  if (prediction.metrics) print_metrics(*prediction.metrics, to);
  fmt::print(to, "result  {}\n", prediction.result.string());
}

}  // namespace

void predict(const PredictOptions& options) {
  check_options(options);
  const runtime::Compute compute = compute_of(options.device, options.threads);
  prepare_process();
  Terminal terminal;
  const run::Prediction prediction = run::predict(predict_options(options, compute), terminal);
  terminal.clear_bar();
  std::FILE* const to = result_stream(options.out);
  if (options.json) {
    fmt::print(to, "{}\n", json_line(run::to_json(prediction)));
  } else {
    print_result(prediction, to);
  }
}

}  // namespace runner
