// train_clip: trains the small CLIP of the quickstart on the synthetic data set, or checks a trained one.

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <string>
#include <thread>

#include "base/atomic_file.h"
#include "formats/safetensors_writer.h"
#include "runtime/blas.h"
#include "runtime/blocks.h"
#include "training/merges.h"
#include "training/training.h"
#include "training/zero_shot_check.h"
#include "world/caption.h"

namespace {

using namespace trefoil;

struct Options {
  std::filesystem::path folder;
  bool check = false;
  demo::TrainingOptions training;
  clip::Architecture sizes;
};

// The sizes that the command line cannot change: heads of 64 channels, and a weight file below 4 MB.
clip::Architecture small_sizes() {
  clip::Architecture sizes;
  sizes.width = 512;
  sizes.vision.resolution = 64;
  sizes.vision.patch = 8;
  sizes.vision.grid = sizes.vision.resolution / sizes.vision.patch;
  sizes.vision.transformer = {128, 5, 2};
  sizes.text.transformer = {128, 3, 2};
  sizes.text.context = 20;
  return sizes;
}

demo::ModelFiles files_in(const std::filesystem::path& folder) {
  return {folder / "small_clip.safetensors", folder / "merges.txt"};
}

void save(const demo::Network& network, const std::filesystem::path& file) {
  std::vector<formats::TensorPlan> plans;
  for (const auto& [name, tensor] : network.weights()) plans.push_back({name, torch::kHalf, tensor.sizes().vec()});
  formats::SafetensorsWriter writer(file, plans, {});
  for (const auto& entry : network.weights()) writer.append(entry.second.detach().to(torch::kHalf));
  writer.commit();
}

// The settings that the weights do not show, as the encoder `clip` reads them beside the weights.
std::string configuration(const clip::Architecture& sizes) {
  return fmt::format(R"({{
  "model_cfg": {{
    "quick_gelu": true,
    "vision_cfg": {{ "width": {}, "head_width": {} }},
    "text_cfg": {{ "heads": {} }}
  }}
}}
)",
                     sizes.vision.transformer.width, sizes.vision.transformer.width / sizes.vision.transformer.heads,
                     sizes.text.transformer.heads);
}

class Progress {
 public:
  explicit Progress(const demo::TrainingOptions& options) : options_(options) {}

  void operator()(const demo::TrainingStep& step) {
    loss_ += step.loss / kEvery;
    right_ += step.right / kEvery;
    if (step.number % kEvery != 0) return;
    const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - begin_;
    const double pictures = static_cast<double>(step.number * options_.batch);
    std::fprintf(stderr, "step %5lld of %lld   loss %6.4f   right %5.1f %%   %.0f images/s, %.0f s left\n",
                 static_cast<long long>(step.number), static_cast<long long>(options_.steps), loss_, 100 * right_,
                 pictures / passed.count(),
                 passed.count() / static_cast<double>(step.number) * static_cast<double>(options_.steps - step.number));
    loss_ = right_ = 0;
  }

 private:
  static constexpr int kEvery = 50;

  demo::TrainingOptions options_;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  double loss_ = 0;
  double right_ = 0;
};

void train(Options& options) {
  runtime::use_one_thread_per_operation();
  runtime::return_freed_memory();
  const runtime::KeepFreedBlocks keep;
  std::filesystem::create_directories(options.folder);
  const demo::ModelFiles files = files_in(options.folder);
  base::write_atomically(files.merges, demo::merges_for(demo::all_words()));
  base::write_atomically(options.folder / "open_clip_config.json", configuration(options.sizes));
  const clip::BytePairTokenizer tokenizer(clip::read_vocabulary(files.merges), options.sizes.text.context);
  options.sizes.text.vocabulary = tokenizer.vocabulary_size();
  demo::Network network(options.sizes, options.training.seed);
  std::vector<demo::Kind> kinds;
  for (std::size_t subset = 0; subset < demo::subsets().size(); ++subset) {
    for (const demo::Kind& kind : demo::all_kinds(subset)) {
      if (!demo::is_held_out(kind)) kinds.push_back(kind);
    }
  }
  demo::PictureStream stream(kinds, demo::training_conditions(), options.sizes.vision.resolution, options.training.seed,
                             options.training.threads);
  Progress progress(options.training);
  demo::train(network, tokenizer, stream, options.training, std::ref(progress));
  save(network, files.weights);
}

void check(const Options& options) {
  std::printf("%-10s %8s %12s %12s\n", "subset", "choices", "seen, %", "held out, %");
  for (const demo::ZeroShotAccuracy& row : demo::check_zero_shot(files_in(options.folder), 2, 1)) {
    std::printf("%-10s %8lld %12.1f %12.1f\n", std::string(row.subset).c_str(), static_cast<long long>(row.choices),
                row.seen, row.held_out);
  }
}

}  // namespace

int main(int argc, char** argv) {
  runtime::restart_with_fast_blas(argv);
  Options options;
  options.sizes = small_sizes();
  options.training.threads = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  CLI::App app(
      "Trains a small CLIP on images and captions of the synthetic data set, and writes small_clip.safetensors, "
      "merges.txt and open_clip_config.json.");
  app.add_option("--out", options.folder, "Folder of the model, to write or to check")->required();
  app.add_flag("--check", options.check,
               "Do not train; measure how well the model in the folder recognises images by their names");
  app.add_option("--steps", options.training.steps, "Number of batches")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--batch", options.training.batch, "Images per batch")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--learning-rate", options.training.learning_rate, "Highest learning rate of AdamW")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--patches-seen", options.training.patches_seen, "Fraction of each image's patches that training uses")
      ->check(CLI::Range(0.05, 1.0))
      ->capture_default_str();
  app.add_option("--threads", options.training.threads, "Number of threads; it does not change the result")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--seed", options.training.seed, "Seed")->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  try {
    if (!options.check) train(options);
    check(options);
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "error: %s\n", error.what());
    return 1;
  }
}
