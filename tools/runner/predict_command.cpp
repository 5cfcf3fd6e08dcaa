#include <fmt/format.h>

#include <cstdio>
#include <nlohmann/json.hpp>

#include "commands.h"
#include "compute.h"
#include "config/diagnostics.h"
#include "json_line.h"
#include "run/predict.h"
#include "terminal.h"

namespace runner {

namespace {

using namespace trefoil;

void require_sense(const PredictOptions& options) {
  config::Diagnostics diagnostics;
  if (options.images.empty() == options.features.empty()) {
    diagnostics.error({}, "it is not clear what to classify", "give --images DIR or --features FILE, one of the two");
  }
  if (!options.features.empty() && !options.values.empty()) {
    diagnostics.error({}, "--set changes the encoder, and --features needs none", "remove --set");
  }
  if (std::filesystem::is_directory(options.out)) {
    diagnostics.error({}, "--out " + options.out.string() + " is a folder", "name a file, for example result.txt");
  }
  diagnostics.throw_if_any();
}

run::PredictOptions what_to_predict(const PredictOptions& options, const runtime::Compute& compute) {
  run::PredictOptions result;
  result.model = options.model;
  result.images = options.images;
  result.features = options.features;
  result.labels = options.labels;
  result.result = options.out;
  result.encoder_settings = options.values;
  result.plugin_folders = options.plugins.with({});
  result.encode.store = options.store;
  result.encode.compute = compute;
  result.encode.on_bad_image = options.on_bad_image == "skip" ? features::OnBadImage::skip : features::OnBadImage::fail;
  return result;
}

void print_result(const run::Prediction& prediction) {
  if (prediction.metrics) {
    fmt::print("top-1   {:.2f} %\ntop-5   {:.2f} %\n", prediction.metrics->top1(), prediction.metrics->top5());
  }
  fmt::print("result  {}\n", prediction.result.string());
}

}  // namespace

void predict(const PredictOptions& options) {
  require_sense(options);
  const runtime::Compute compute = compute_of(options.device, options.threads);
  prepare_process();
  Terminal terminal;
  const run::Prediction prediction = run::predict(what_to_predict(options, compute), terminal);
  if (options.json) {
    fmt::print("{}\n", json_line(run::to_json(prediction)));
  } else {
    print_result(prediction);
  }
}

}  // namespace runner
