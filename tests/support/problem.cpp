#include "support/problem.h"

#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/tensor.h>

#include "base/atomic_file.h"
#include "formats/npy_writer.h"

namespace tests {

using trefoil::unit_rows;

double largest_difference(const torch::Tensor& a, const torch::Tensor& b) { return (a - b).abs().max().item<double>(); }

bool near(const torch::Tensor& a, const torch::Tensor& b, double tolerance) {
  return a.sizes() == b.sizes() && largest_difference(a, b) <= tolerance;
}

torch::Tensor normal_numbers(at::IntArrayRef shape, std::uint32_t seed) {
  std::uint32_t state = seed;
  torch::Tensor numbers = torch::empty(shape, torch::kDouble);
  auto* number = numbers.data_ptr<double>();
  for (std::int64_t i = 0; i < numbers.numel(); ++i) {
    double sum = 0;
    for (int draw = 0; draw < 12; ++draw) {
      state = 1664525U * state + 1013904223U;
      sum += static_cast<double>(state >> 8U) / 16777216.0;
    }
    number[i] = sum - 6;
  }
  return numbers;
}

SmallProblem small_problem() {
  constexpr std::int64_t kClasses = 5;
  constexpr std::int64_t kShots = 4;
  constexpr std::int64_t kChannels = 32;
  const torch::Tensor prototype = normal_numbers({kClasses, kChannels}, 1);
  const torch::Tensor common = normal_numbers({kChannels}, 2) * 1.5;
  const auto rows_near = [&](const torch::Tensor& labels, double noise, std::uint32_t seed) {
    const torch::Tensor numbers = normal_numbers({labels.size(0), kChannels}, seed);
    return unit_rows(prototype.index_select(0, labels) * 0.6 + common + noise * numbers);
  };
  SmallProblem problem;
  const torch::Tensor text_noise = normal_numbers({kClasses, kChannels}, 3);
  problem.support.text = unit_rows(prototype * 0.9 + common + 0.9 * text_noise);
  problem.support.labels = torch::arange(kClasses).repeat_interleave(kShots);
  problem.support.images = rows_near(problem.support.labels, 1.2, 4);
  problem.validation_labels = torch::arange(40) % kClasses;
  problem.validation = rows_near(problem.validation_labels, 1.6, 5);
  problem.test_labels = (torch::arange(60) * 3) % kClasses;
  problem.test = rows_near(problem.test_labels, 1.6, 6);
  return problem;
}

trefoil::Support ragged_support() {
  const trefoil::Support full = small_problem().support;
  const torch::Tensor kept = torch::tensor({0, 1, 2, 3, 4, 5, 6, 8, 16, 17}, torch::kLong);
  return {full.text, full.images.index_select(0, kept), full.labels.index_select(0, kept)};
}

trefoil::Support to(const trefoil::Support& support, torch::ScalarType type) {
  return {support.text.to(type), support.images.to(type), support.labels};
}

std::filesystem::path write_small_experiment(const std::filesystem::path& folder) {
  const SmallProblem problem = small_problem();
  trefoil::formats::write_npy(folder / "text.npy", problem.support.text);
  trefoil::formats::write_npy(folder / "support.npy", problem.support.images.to(torch::kFloat));
  trefoil::formats::write_npy(folder / "support_labels.npy", problem.support.labels);
  trefoil::formats::write_npy(folder / "query.npy", problem.test.to(torch::kHalf));
  trefoil::formats::write_npy(folder / "query_labels.npy", problem.test_labels.to(torch::kInt));
  trefoil::base::write_atomically(folder / "experiment.toml", R"(name = "small"

[data]
layout         = "features"
text           = "text.npy"
support        = "support.npy"
support_labels = "support_labels.npy"
query          = "query.npy"
query_labels   = "query_labels.npy"

[selector]
plugin = "all"

[relation]
plugin = "ape"
)");
  return folder / "experiment.toml";
}

}  // namespace tests
