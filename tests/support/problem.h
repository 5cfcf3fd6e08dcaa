// Small problems for tests.
#pragma once

#include <cstdint>
#include <filesystem>

#include "trefoil/support.h"
#include "trefoil/tensor.h"

namespace tests {

// The problem behind golden_small.json: C = 5, K = 4, D = 32, made of a 32-bit linear congruential generator
// (x ← 1664525 x + 1013904223) whose sums of twelve serve as normal numbers. float64.
struct SmallProblem {
  trefoil::Support support;
  torch::Tensor validation;         // [40, 32]
  torch::Tensor validation_labels;  // [40]
  torch::Tensor test;               // [60, 32]
  torch::Tensor test_labels;        // [60]
};

SmallProblem small_problem();

// The same support with classes of 4, 3, 1, 0 and 2 shots.
trefoil::Support ragged_support();

trefoil::Support to(const trefoil::Support& support, torch::ScalarType type);

// The largest absolute difference of two numbers at the same place.
double largest_difference(const torch::Tensor& a, const torch::Tensor& b);

// Whether the shapes are equal and no number differs by more than `tolerance`.
bool near(const torch::Tensor& a, const torch::Tensor& b, double tolerance = 1e-10);

// Normal numbers of the generator above, in float64.
torch::Tensor normal_numbers(at::IntArrayRef shape, std::uint32_t seed);

// Writes text, support, support_labels, query and query_labels as .npy, and experiment.toml for them (selector all,
// relation ape). Returns the path of experiment.toml.
std::filesystem::path write_small_experiment(const std::filesystem::path& folder);

}  // namespace tests
