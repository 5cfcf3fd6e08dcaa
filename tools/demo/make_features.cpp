// make_features: writes a synthetic few-shot problem of features like CLIP's. The same options give the same bytes on
// every machine.

#include <ATen/ops/arange.h>
#include <ATen/ops/empty.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>

#include "base/atomic_file.h"
#include "formats/npy_writer.h"
#include "trefoil/support.h"

namespace {

struct Options {
  std::filesystem::path folder;
  std::int64_t classes = 60;
  std::int64_t groups = 12;    // classes of one group are similar
  std::int64_t zero_shot = 4;  // the last classes have no images
  std::int64_t shots = 4;
  std::int64_t width = 512;
  std::int64_t queries = 3000;
  std::uint64_t seed = 1;
};

// Nearly normal random numbers of variance 1: the sum of the four 16-bit parts of a draw. They are the same on every
// machine, unlike those of std::normal_distribution.
class Noise {
 public:
  explicit Noise(std::uint64_t seed) : generator_(seed) {}

  torch::Tensor operator()(std::int64_t rows, std::int64_t columns) {
    constexpr double kMean = 4 * 65535.0 / 2;
    const double deviation = std::sqrt(4 * (65536.0 * 65536.0 - 1) / 12);
    torch::Tensor numbers = torch::empty({rows, columns});
    auto* number = numbers.data_ptr<float>();
    for (std::int64_t i = 0; i < numbers.numel(); ++i) {
      const std::uint64_t draw = generator_();
      const auto sum =
          static_cast<double>((draw & 0xFFFFU) + (draw >> 16U & 0xFFFFU) + (draw >> 32U & 0xFFFFU) + (draw >> 48U));
      number[i] = static_cast<float>((sum - kMean) / deviation);
    }
    return numbers;
  }

 private:
  std::mt19937_64 generator_;
};

class Problem {
 public:
  explicit Problem(const Options& options) : options_(options), noise_(options.seed) {
    const std::int64_t width = options.width;
    // Two channels of five differ between classes. The others have only noise: little in the texts, much in the images.
    informative_ = (torch::arange(width) % 5 < 2).to(torch::kFloat);
    const torch::Tensor group = noise_(options.groups, width);
    const torch::Tensor group_of_class = torch::arange(options.classes) % options.groups;
    prototype_ = (group.index_select(0, group_of_class) + noise_(options.classes, width)) * informative_;
    image_centre_ = noise_(1, width);
    text_centre_ = noise_(1, width);
  }

  torch::Tensor texts() {
    const torch::Tensor noise = noise_(options_.classes, options_.width) * (0.2 + 1.3 * informative_);
    return trefoil::unit_rows(text_centre_ + 0.6 * prototype_ + noise);
  }

  torch::Tensor images(const torch::Tensor& labels) {
    const torch::Tensor noise = noise_(labels.size(0), options_.width) * (1.8 - 0.9 * informative_);
    return trefoil::unit_rows(image_centre_ + 0.45 * prototype_.index_select(0, labels) + noise).to(torch::kHalf);
  }

 private:
  const Options& options_;
  Noise noise_;
  torch::Tensor informative_;  // [D] 1 or 0
  torch::Tensor prototype_;    // [C, D]
  torch::Tensor image_centre_;
  torch::Tensor text_centre_;
};

std::string class_names(const Options& options) {
  std::string names;
  for (std::int64_t i = 0; i < options.classes; ++i) {
    names += "group " + std::to_string(i % options.groups) + ", kind " + std::to_string(i / options.groups) + "\n";
  }
  return names;
}

void write_queries(const Options& options, Problem& problem) {
  constexpr std::int64_t kBlock = 4096;
  trefoil::formats::NpyWriter features(options.folder / "query.npy", torch::kHalf, {options.queries, options.width});
  trefoil::formats::NpyWriter labels(options.folder / "query_labels.npy", torch::kLong, {options.queries});
  for (std::int64_t first = 0; first < options.queries; first += kBlock) {
    const torch::Tensor block = torch::arange(first, std::min(first + kBlock, options.queries)) % options.classes;
    features.append(problem.images(block));
    labels.append(block);
  }
  features.commit();
  labels.commit();
}

void write_problem(const Options& options) {
  std::filesystem::create_directories(options.folder);
  Problem problem(options);
  const torch::Tensor labels = torch::arange(options.classes - options.zero_shot).repeat_interleave(options.shots);
  trefoil::formats::write_npy(options.folder / "text.npy", problem.texts());
  trefoil::formats::write_npy(options.folder / "support.npy", problem.images(labels));
  trefoil::formats::write_npy(options.folder / "support_labels.npy", labels);
  trefoil::base::write_atomically(options.folder / "class_names.txt", class_names(options));
  write_queries(options, problem);
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app("Writes a synthetic few-shot problem of features: text, support, query and labels, as .npy files.");
  app.add_option("--out", options.folder, "Folder to write to")->required();
  app.add_option("--classes", options.classes, "C, number of classes")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--groups", options.groups, "Number of groups; classes of one group are similar")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--zero-shot", options.zero_shot, "Number of classes without images")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  app.add_option("--shots", options.shots, "K, images per class, for the other classes")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--width", options.width, "D, number of channels")->check(CLI::PositiveNumber)->capture_default_str();
  app.add_option("--queries", options.queries, "N, number of queries")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--seed", options.seed, "Seed")->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  try {
    write_problem(options);
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "error: %s\n", error.what());
    return 1;
  }
}
