#include "conformance/rules.h"

#include <fmt/format.h>

namespace trefoil::conformance {

namespace {

// Returns the largest absolute difference of two tensors of the same shape.
double distance(const torch::Tensor& a, const torch::Tensor& b) {
  return (a.to(torch::kDouble) - b.to(torch::kDouble)).abs().max().item<double>();
}

void require_alike(const torch::Tensor& found, const torch::Tensor& expected, const std::string& what) {
  require(found.defined() == expected.defined(), what + ": only one of the two is defined");
  require(!found.defined() || found.sizes() == expected.sizes(), what + ": the shapes differ");
}

}  // namespace

void require(bool holds, const std::string& otherwise) {
  if (!holds) throw Broken(otherwise);
}

void require_equal(const torch::Tensor& found, const torch::Tensor& expected, const std::string& what) {
  require_alike(found, expected, what);
  if (!found.defined() || found.equal(expected)) return;
  throw Broken(fmt::format("{}: values differ, by up to {:g}", what, distance(found, expected)));
}

void require_near(const torch::Tensor& found, const torch::Tensor& expected, double tolerance,
                  const std::string& what) {
  require_alike(found, expected, what);
  if (!found.defined() || found.numel() == 0) return;
  const double apart = distance(found, expected);
  const double size = expected.abs().max().item<double>();
  require(apart <= tolerance * size,
          fmt::format("{}: values differ by up to {:g}; the largest value is {:g}", what, apart, size));
}

}  // namespace trefoil::conformance
