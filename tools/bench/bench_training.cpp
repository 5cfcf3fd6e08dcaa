// bench_training: seconds to train a head. Prints one JSON object. tools/bench/training makes the input files and
// compares the result with PyTorch.
#include <ATen/ops/arange.h>
#include <ATen/ops/zeros.h>
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "config/settings.h"
#include "null_host.h"
#include "runtime/blas.h"
#include "runtime/blocks.h"
#include "runtime/registry.h"
#include "trefoil/head.h"
#include "trefoil/relation.h"
#include "trefoil/tensor_file.h"

namespace {

using namespace trefoil;
using Clock = std::chrono::steady_clock;

struct Options {
  std::filesystem::path plugins;
  std::filesystem::path inputs;
  std::string head = "residual";
  std::string variant = "paper";
  std::string relation = "ape";
  std::int64_t kept = 400;
  std::int64_t epochs = 300;
  double alpha = 2;
  double beta = 5.5;
  int repetitions = 3;
};

Options parse(int argc, char** argv) {
  Options options;
  CLI::App app{"Seconds that a head takes to train, as JSON.", "bench_training"};
  app.add_option("inputs", options.inputs,
                 "Folder of text.npy, images.npy, labels.npy and, if there are views, views.npy")
      ->required()
      ->type_name("DIR");
  app.add_option("--plugins", options.plugins, "Folder of the plugins (default: as the runner)")->type_name("DIR");
  app.add_option("--head", options.head, "The head")->capture_default_str();
  app.add_option("--variant", options.variant, "The variant, if it has any")->capture_default_str();
  app.add_option("--relation", options.relation, "The relation")->capture_default_str();
  app.add_option("--kept", options.kept, "Channels: the first so many")->capture_default_str();
  app.add_option("--epochs", options.epochs, "Epochs")->capture_default_str();
  app.add_option("--alpha", options.alpha, "The relation's α")->capture_default_str();
  app.add_option("--beta", options.beta, "The relation's β")->capture_default_str();
  app.add_option("--repetitions", options.repetitions, "Repetitions")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    std::exit(app.exit(error));
  }
  return options;
}

// Creates a plugin with the given parameters and defaults for the others. Ignores given parameters that the plugin does
// not declare.
std::unique_ptr<Plugin> make_plugin(const runtime::Registry& registry, PluginKind kind, const std::string& name,
                                    const Parameters::Values& given, Host& host) {
  const runtime::LoadedPlugin* plugin = registry.find(kind, name);
  if (plugin == nullptr) throw std::runtime_error(registry.why_missing(kind, name));
  Parameters::Values values;
  for (std::size_t i = 0; i < plugin->descriptor->parameter_count; ++i) {
    const Parameter& declared = plugin->descriptor->parameters[i];
    const auto found = given.find(declared.name);
    values[declared.name] = found == given.end() ? config::default_value(declared) : found->second;
  }
  std::unique_ptr<Plugin> object = plugin->descriptor->create(Parameters(std::move(values)));
  object->attach(host);
  return object;
}

Support read_support(const std::filesystem::path& folder) {
  Support support;
  support.text = read_tensor(folder / "text.npy");
  support.images = read_tensor(folder / "images.npy");
  support.labels = read_tensor(folder / "labels.npy");
  if (std::filesystem::exists(folder / "views.npy")) support.views = read_tensor(folder / "views.npy");
  return support;
}

Channels first_channels(std::int64_t kept, std::int64_t width) {
  Channels channels;
  channels.index = torch::arange(kept);
  channels.score = torch::zeros({width}, torch::kDouble);
  return channels;
}

// Returns the peak memory of this process. getrusage would include the memory of the parent process at the start.
double peak_mebibytes() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.rfind("VmHWM:", 0) == 0) return std::stod(line.substr(6)) / 1024;
  }
  throw std::runtime_error("/proc/self/status has no VmHWM");
}

nlohmann::json run(const Options& options) {
  bench::NullHost host;
  const runtime::Registry registry(options.plugins.empty() ? runtime::search_path({}) : std::vector{options.plugins});
  const auto relation = make_plugin(registry, PluginKind::relation, options.relation,
                                    {{"alpha", options.alpha}, {"beta", options.beta}, {"gamma", 0.0}}, host);
  const auto head = make_plugin(registry, PluginKind::head, options.head,
                                {{"variant", options.variant}, {"epochs", options.epochs}}, host);
  const Support support = read_support(options.inputs);
  const Channels channels = first_channels(options.kept, support.width());
  const Classifier start = dynamic_cast<const Relation&>(*relation).relate(support, channels);
  const double before = peak_mebibytes();
  std::vector<double> seconds;
  for (int i = 0; i < options.repetitions; ++i) {
    const auto begin = Clock::now();
    dynamic_cast<const Head&>(*head).train(start, support, channels);
    seconds.push_back(std::chrono::duration<double>(Clock::now() - begin).count());
  }
  return {{"seconds", seconds},
          {"figures", host.metrics},
          {"mebibytes_before", before},
          {"peak_mebibytes", peak_mebibytes()}};
}

}  // namespace

int main(int argc, char** argv) {
  runtime::restart_with_fast_blas(argv);
  const Options options = parse(argc, argv);
  // The runner does the same.
  runtime::use_one_thread_per_operation();
  try {
    fmt::print("{}\n", run(options).dump(2));
  } catch (const std::exception& error) {
    fmt::print(stderr, "bench_training: {}\n", error.what());
    return 1;
  }
}
