// Matrix products of 8-bit integers in the encoder `clip`.
#include "encoders/clip/quantised_product.h"

#include <ATen/ops/cat.h>
#include <ATen/ops/gelu.h>
#include <ATen/ops/randint.h>
#include <ATen/ops/zeros.h>

#include <limits>

#include "support/catch.h"
#include "support/problem.h"

using namespace tests;
using clip::Epilogue;
using clip::QuantisedProduct;

namespace {

bool has_vnni() { return __builtin_cpu_supports("avx512vnni") != 0; }

torch::Tensor normal(std::int64_t rows, std::int64_t columns, std::uint32_t seed) {
  return normal_numbers({rows, columns}, seed).to(torch::kFloat);
}

torch::Tensor product(const torch::Tensor& rows, const torch::Tensor& weight, const torch::Tensor& bias = {},
                      Epilogue epilogue = Epilogue::none) {
  torch::Tensor target = torch::zeros({rows.size(0), weight.size(0)});
  QuantisedProduct(weight, bias).multiply(rows, epilogue, target);
  return target;
}

torch::Tensor exact_product(const torch::Tensor& rows, const torch::Tensor& weight) {
  return rows.to(torch::kDouble).mm(weight.to(torch::kDouble).t());
}

// The error of each row, as a fraction of the length of the exact result.
torch::Tensor relative_errors(const torch::Tensor& rows, const torch::Tensor& weight) {
  const torch::Tensor exact = exact_product(rows, weight);
  return (product(rows, weight).to(torch::kDouble) - exact).norm(2, {1}) / exact.norm(2, {1});
}

// Integers from −limit to limit, which both occur in every row.
torch::Tensor integers(std::int64_t rows, std::int64_t columns, std::int64_t limit, std::uint32_t seed) {
  torch::Tensor result =
      (normal(rows, columns, seed) * static_cast<double>(limit) / 3).round().clamp(-limit, limit).contiguous();
  result.narrow(1, 0, 1).fill_(limit);
  result.narrow(1, 1, 1).fill_(-limit);
  return result;
}

}  // namespace

TEST_CASE("numbers that need no rounding are multiplied exactly, in every shape", "[clip]") {
  if (!has_vnni()) return;
  for (const std::int64_t rows : {1, 63, 64, 65, 130}) {
    for (const std::int64_t in : {24, 64, 768}) {
      for (const std::int64_t out : {24, 64, 65, 96, 192}) {
        CAPTURE(rows, in, out);
        // 255 levels from −127.5 to 127.5 hold halves of odd numbers.
        const torch::Tensor left = integers(rows, in, 127, 1) + 0.5;
        const torch::Tensor whole = at::cat({left, torch::zeros({rows, 1}) - 127.5}, 1);
        const torch::Tensor right = at::cat({integers(out, in, 127, 2), torch::zeros({out, 1})}, 1);
        const torch::Tensor exact = exact_product(whole, right);
        REQUIRE((product(whole, right) - exact).abs().max().item<double>() <= 1e-5 * exact.abs().max().item<double>());
      }
    }
  }
}

TEST_CASE("normal numbers are multiplied within two percent", "[clip]") {
  if (!has_vnni()) return;
  REQUIRE(relative_errors(normal(70, 768, 1), normal(192, 768, 2)).max().item<double>() < 0.02);
  REQUIRE(relative_errors(normal(70, 3072, 3), normal(64, 3072, 4)).max().item<double>() < 0.02);
}

TEST_CASE("one-sided rows use all levels", "[clip]") {
  if (!has_vnni()) return;
  const torch::Tensor rows = normal(30, 768, 1).abs() + 3;
  REQUIRE(relative_errors(rows, normal(64, 768, 2)).max().item<double>() < 0.02);
}

TEST_CASE("large numbers in a row do not make the others coarse", "[clip]") {
  if (!has_vnni()) return;
  const torch::Tensor weight = normal(192, 768, 2);
  torch::Tensor rows = normal(70, 768, 1);
  for (const float size : {10.F, 100.F, 1000.F}) {
    torch::Tensor with_outliers = rows.clone();
    with_outliers.narrow(1, 5, 1).fill_(size);
    with_outliers.narrow(1, 700, 1).fill_(-size);
    // The share of the two columns is known, so the rest can be compared.
    const torch::Tensor of_outliers =
        size * (weight.select(1, 5) - weight.select(1, 700)).to(torch::kDouble).unsqueeze(0);
    torch::Tensor others = rows.clone();
    others.narrow(1, 5, 1).fill_(0);
    others.narrow(1, 700, 1).fill_(0);
    const torch::Tensor expected = exact_product(others, weight);
    const torch::Tensor error = product(with_outliers, weight).to(torch::kDouble) - of_outliers - expected;
    CAPTURE(size);
    // The rounding of the weights (0.8 %) is multiplied by the outliers too; nothing more may be lost.
    const double of_weights = 0.012 * of_outliers.norm().item<double>();
    REQUIRE(error.norm(2, {1}).max().item<double>() < 0.03 * expected.norm(2, {1}).mean().item<double>() + of_weights);
  }
}

TEST_CASE("a row's result depends on its own row only", "[clip]") {
  if (!has_vnni()) return;
  const torch::Tensor rows = normal(130, 96, 1);
  const torch::Tensor weight = normal(70, 96, 2);
  const torch::Tensor together = product(rows, weight);
  for (const std::int64_t row : {0, 1, 63, 64, 129}) {
    REQUIRE(product(rows.narrow(0, row, 1), weight).equal(together.narrow(0, row, 1)));
  }
}

TEST_CASE("bias, activations and sum follow the product", "[clip]") {
  if (!has_vnni()) return;
  const torch::Tensor rows = normal(40, 64, 1);
  const torch::Tensor weight = normal(51, 64, 2) / 4;
  const torch::Tensor bias = normal(1, 51, 3).flatten();
  const torch::Tensor plain = product(rows, weight) + bias;
  const auto close = [](const torch::Tensor& a, const torch::Tensor& b) { return a.allclose(b, 1e-5, 2e-6); };
  REQUIRE(close(product(rows, weight, bias), plain));
  REQUIRE(close(product(rows, weight, bias, Epilogue::quick_gelu), plain * (plain * 1.702).sigmoid()));
  REQUIRE(close(product(rows, weight, bias, Epilogue::gelu), at::gelu(plain)));
  REQUIRE(close(product(rows, weight, bias, Epilogue::gelu_tanh), at::gelu(plain, "tanh")));
  torch::Tensor sum = normal(40, 51, 4);
  const torch::Tensor expected = sum + plain;
  QuantisedProduct(weight, bias).multiply(rows, Epilogue::sum, sum);
  REQUIRE(close(sum, expected));
}

TEST_CASE("zeros, equal numbers, and numbers that are not finite", "[clip]") {
  if (!has_vnni()) return;
  const torch::Tensor weight = normal(20, 24, 2);
  torch::Tensor rows = torch::zeros({4, 24});
  rows.select(0, 1).fill_(2);
  rows[2][3] = std::numeric_limits<float>::quiet_NaN();
  rows[3][3] = std::numeric_limits<float>::infinity();
  const torch::Tensor result = product(rows, weight);
  REQUIRE(result.select(0, 0).abs().max().item<float>() == 0);
  REQUIRE(result.select(0, 1).allclose(2 * weight.sum(1), 0.01, 0.1));
  REQUIRE_FALSE(result.select(0, 2).isfinite().any().item<bool>());
  REQUIRE_FALSE(result.select(0, 3).isfinite().any().item<bool>());
  REQUIRE(product(rows.narrow(0, 1, 1), torch::zeros({20, 24})).abs().max().item<float>() == 0);
}
