// The golden numbers of ../shared for the heads that are not in the literature, where they lie beside the checkout.
#include <ATen/ops/ones.h>
#include <ATen/ops/zeros.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "support/adapters.h"
#include "support/catch.h"
#include "support/plugins.h"
#include "support/problem.h"
#include "support/shared.h"
#include "support/whitening.h"
#include "trefoil/channels.h"
#include "trefoil/head.h"
#include "trefoil/relation.h"

using namespace tests;
using nlohmann::json;
using trefoil::Classifier;
using trefoil::Support;

namespace {

// golden_heads.json; null where it is absent.
json golden_heads() {
  if (shared_folder_is_absent()) return nullptr;
  std::ifstream stream(shared_folder() / "golden/method/golden_heads.json");
  REQUIRE(stream);
  return json::parse(stream);
}

struct Case {
  const char* name;
  double lambda;
  double noise;
};

constexpr Case kCases[] = {{"whitened_lambda0.3_nu1", 0.3, 1},
                           {"whitened_lambda0.3_nu0", 0.3, 0},
                           {"whitened_lambda1_nu1", 1, 1},
                           {"whitened_lambda0.1_nu1", 0.1, 1}};

}  // namespace

TEST_CASE("the whitening is the golden one", "[golden]") {
  const json golden = golden_heads();
  if (golden.is_null()) return;
  const json& expected = golden.at("whitening");
  const whitening::FeatureNoise noise = shrunken_noise(small_problem().support);
  REQUIRE(std::abs(noise.variance - expected.at("t").get<double>()) < 1e-9);
  REQUIRE(difference_of_first(noise.centre, expected.at("g_first4")) < 1e-9);
  REQUIRE(difference_of_first(noise.transform[0], expected.at("T_first_row_first8")) < 1e-9);
}

TEST_CASE("loss, gradient and optimum of whitened are the golden ones", "[golden]") {
  const json golden = golden_heads();
  if (golden.is_null()) return;
  const SmallProblem small = small_problem();
  const Support& support = small.support;
  const trefoil::Channels all = trefoil::keep_best(torch::ones({32}), 32);
  for (const Case& each : kCases) {
    CAPTURE(each.name);
    const json& expected = golden.at(each.name);
    const whitening::Problem problem = whitening_problem(support, each.lambda, each.noise);
    parallel::Workers workers(2);
    const torch::Tensor gradient = torch::zeros({5, 32}, torch::kDouble);
    const double loss =
        whitening::NoiseObjective(problem, workers).evaluate(torch::zeros({5, 32}, torch::kDouble), gradient);
    REQUIRE(std::abs(loss - expected.at("loss_at_zero").get<double>()) < 1e-9 * loss);
    REQUIRE(std::abs(gradient.norm().item<double>() - expected.at("gradient_norm_at_zero").get<double>()) < 1e-9 * 178);
    REQUIRE(difference_of_first(gradient, expected.at("gradient_first8_at_zero")) < 1e-9 * 178);

    for (const auto& [type, tolerance] : {std::pair(torch::kDouble, 1e-6), std::pair(torch::kFloat, 1e-3)}) {
      const Support typed = to(support, type);
      const auto plugin =
          make_plugin(trefoil::PluginKind::head, "whitened", {{"lambda", each.lambda}, {"noise", each.noise}}, 1);
      const Classifier trained =
          dynamic_cast<const trefoil::Head&>(*plugin).train(relate("zero_shot", typed, all), typed, all);
      const torch::Tensor logits = trained.logits(small.test.to(type)).to(torch::kDouble);
      const double largest = logits.abs().max().item<double>();
      const json& rows = expected.at("logits_first3");
      for (std::size_t i = 0; i < rows.size(); ++i) {
        REQUIRE(difference_of_first(logits[static_cast<std::int64_t>(i)], rows[i]) < tolerance * largest);
      }
      const double right = logits.argmax(1).eq(small.test_labels).to(torch::kDouble).mean().item<double>();
      REQUIRE(100 * right == Approx(expected.at("acc").get<double>()));
    }
  }
}

TEST_CASE("kernel_ridge is the golden one", "[golden]") {
  const json golden = golden_heads();
  if (golden.is_null()) return;
  const SmallProblem small = small_problem();
  const trefoil::Channels all = trefoil::keep_best(torch::ones({32}), 32);
  for (const auto& [name, beta, lambda] :
       {std::tuple("kernel_ridge_beta2_lambda0.1", 2.0, 0.1), {"kernel_ridge_beta5_lambda0.03", 5.0, 0.03}}) {
    CAPTURE(name);
    const json& expected = golden.at(name);
    const auto plugin =
        make_plugin(trefoil::PluginKind::relation, "kernel_ridge", {{"sharpness", beta}, {"lambda", lambda}}, 1);
    const auto& relation = dynamic_cast<const trefoil::Relation&>(*plugin);
    for (const auto& [type, tolerance] : {std::pair(torch::kDouble, 1e-9), std::pair(torch::kFloat, 1e-3)}) {
      const torch::Tensor logits =
          relation.relate(to(small.support, type), all).logits(small.test.to(type)).to(torch::kDouble);
      const double scale = type == torch::kDouble ? 1 : logits.abs().max().item<double>();
      const json& rows = expected.at("logits_first3");
      for (std::size_t i = 0; i < rows.size(); ++i) {
        REQUIRE(difference_of_first(logits[static_cast<std::int64_t>(i)], rows[i]) < tolerance * scale);
      }
      const double right = logits.argmax(1).eq(small.test_labels).to(torch::kDouble).mean().item<double>();
      REQUIRE(100 * right == Approx(expected.at("acc").get<double>()));
    }
    // H = λ K G with G = (K + λI)⁻¹, so H_ii = λ (1 − λ G_ii). With a = G (L − F Wᵀ), the logits of image i are
    // s (f Wᵀ + λ (L − F Wᵀ)_i − λ² a_i), and those without the image are s (f Wᵀ + λ (L − F Wᵀ)_i − λ a_i / G_ii).
    const torch::Tensor values = relation.relate(small.support, all).values;
    const torch::Tensor with = relation.relate(small.support, all).logits(small.support.images);
    const torch::Tensor lost = with - relation.leave_one_out(small.support, torch::ones({20}, torch::kDouble));
    const torch::Tensor inverse = 1 / (lost / (100 * lambda * values) + lambda);  // G_ii in each column
    REQUIRE(difference_of_first(lambda * (1 - lambda * inverse.select(1, 0)), expected.at("hat_diagonal_first5")) <
            1e-9);
  }
}

TEST_CASE("graph and balanced are the golden ones", "[golden]") {
  const json golden = golden_heads();
  if (golden.is_null()) return;
  const SmallProblem small = small_problem();
  const trefoil::Channels all = trefoil::keep_best(torch::ones({32}), 32);
  const auto head = make_plugin(trefoil::PluginKind::head, "whitened", {{"lambda", 0.3}, {"noise", 1.0}}, 1);
  const Classifier trained =
      dynamic_cast<const trefoil::Head&>(*head).train(relate("zero_shot", small.support, all), small.support, all);
  const auto check = [&](const json& expected, const torch::Tensor& found, const json& rows) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
      REQUIRE(difference_of_first(found[static_cast<std::int64_t>(i)], rows[i]) < 1e-6);
    }
    const double right = found.argmax(1).eq(small.test_labels).to(torch::kDouble).mean().item<double>();
    REQUIRE(100 * right == Approx(expected.at("acc").get<double>()));
  };
  const json& graph = golden.at("graph_k5_alpha0.5");
  check(graph, adapted_logits("graph", trained, small.support, small.test, {{"neighbours", std::int64_t{5}}}).exp(),
        graph.at("probabilities_first3"));
  const json& balanced = golden.at("balanced_rho0.5");
  const torch::Tensor logits = adapted_logits("balanced", trained, small.support, small.test);
  check(balanced, logits, balanced.at("logits_first3"));
  REQUIRE(difference((logits - trained.logits(small.test))[0] * 2, balanced.at("bias")) < 1e-6);
}
