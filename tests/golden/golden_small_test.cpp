// The golden numbers of ../shared, where it lies beside the checkout: the method in float64 and float32.
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>

#include <nlohmann/json.hpp>

#include "support/catch.h"
#include "support/files.h"
#include "support/plugins.h"
#include "support/problem.h"
#include "support/shared.h"
#include "trefoil/channels.h"

using namespace tests;
using nlohmann::json;
using trefoil::Channels;
using trefoil::Support;

namespace {

constexpr double kDouble = 1e-9;
constexpr double kFloat = 1e-4;

// The first rows of logits [60, 5], against a list of lists.
double difference_of_rows(const torch::Tensor& logits, const json& rows) {
  double largest = 0;
  for (std::size_t i = 0; i < rows.size(); ++i)
    largest = std::max(largest, difference(logits[static_cast<std::int64_t>(i)], rows[i]));
  return largest;
}

double accuracy(const torch::Tensor& logits, const torch::Tensor& labels) {
  return 100 * (logits.argmax(1) == labels).to(torch::kDouble).mean().item<double>();
}

std::string text(const char* word) { return word; }

}  // namespace

TEST_CASE("the generator gives the golden inputs", "[golden]") {
  const json expected = golden_small();
  if (expected.is_null()) return;
  const SmallProblem problem = small_problem();
  const json& inputs = expected.at("inputs");
  const std::pair<const char*, torch::Tensor> tensors[] = {
      {"W", problem.support.text}, {"F", problem.support.images}, {"V", problem.validation}, {"T", problem.test}};
  for (const auto& [name, rows] : tensors) {
    REQUIRE(difference(rows[0].slice(0, 0, 4), inputs.at(std::string(name) + "0_first4")) < kDouble);
    REQUIRE(std::abs(rows.sum().item<double>() - inputs.at(std::string(name) + "_sum").get<double>()) < kDouble);
  }
}

TEST_CASE("criteria are the golden ones", "[golden]") {
  const json expected = golden_small();
  if (expected.is_null()) return;
  for (const auto& [type, tolerance] : {std::pair(torch::kDouble, kDouble), std::pair(torch::kFloat, kFloat)}) {
    const Support support = to(small_problem().support, type);
    const auto similarity = [&](const char* population, const char* pairs) {
      return -score("similarity", support, {{"population", text(population)}, {"pairs", text(pairs)}});
    };
    const json& criterion = expected.at("criterion");
    REQUIRE(difference(similarity("joint", "mean"), criterion.at("S_ape")) < tolerance);
    REQUIRE(difference(similarity("text", "mean"), criterion.at("S_text")) < tolerance);
    REQUIRE(difference(similarity("image", "mean"), criterion.at("S_image")) < tolerance);
    REQUIRE(difference(similarity("mix", "sum"), criterion.at("S_seed")) < tolerance);
    REQUIRE(difference(score("variance", support), criterion.at("V_ape")) < tolerance);
    REQUIRE(difference(-score("variance", support, {{"source", text("intra")}}), criterion.at("V_intra")) < tolerance);
    REQUIRE(difference(score("variance", support, {{"source", text("image")}}), criterion.at("V_inter_img")) <
            tolerance);
  }
}

TEST_CASE("selections are the golden ones", "[golden]") {
  const json expected = golden_small();
  if (expected.is_null()) return;
  const Support support = small_problem().support;
  const auto matches = [&](const char* name, const Overrides& overrides) {
    const json& selection = expected.at("selection").at(name);
    const torch::Tensor ours = score("mixed", support, overrides);
    REQUIRE(difference(ours, selection.at("score")) < kDouble);
    REQUIRE(difference(trefoil::keep_best(ours, 20).index, selection.at("indices_ranked")) == 0);
  };
  matches("ape_w0.3_0.7", {{"lambda", 0.3}});
  matches("ape_text_w0.2_0.8", {{"lambda", 0.2}, {"population", text("text")}});
  matches("seed_mix0.5_w0.3_0.7", {{"lambda", 0.3}, {"population", text("mix")}, {"pairs", text("sum")}});
  matches("seed_intra_keepsmall_w0.3_0.7", {{"lambda", 0.3}, {"source", text("intra")}});
  matches("seed_intra_keeplarge_w0.3_0.7", {{"lambda", 0.3}, {"source", text("intra")}, {"keep", text("large")}});
}

TEST_CASE("divergences are the golden ones", "[golden]") {
  const json expected = golden_small();
  if (expected.is_null()) return;
  const Channels channels = channels_of(expected.at("selection").at("ape_w0.3_0.7").at("indices_ranked"));
  for (const auto& [type, tolerance] : {std::pair(torch::kDouble, kDouble), std::pair(torch::kFloat, kFloat)}) {
    const Support support = to(small_problem().support, type);
    const auto divergence = [&](const char* direction, const char* base) {
      return relate("ape", support, channels, {{"kl_direction", text(direction)}, {"log_base", text(base)}}).divergence;
    };
    const json& kl = expected.at("kl");
    REQUIRE(difference(divergence("label_text", "2"), kl.at("ape")) < tolerance);
    REQUIRE(difference(divergence("label_text", "e"), kl.at("ape_ln")) < tolerance);
    REQUIRE(difference(divergence("text_label", "e"), kl.at("seed")) < tolerance);
    REQUIRE(difference(divergence("text_label", "2"), kl.at("seed_log2")) < tolerance);
  }
}

TEST_CASE("logits are the golden ones", "[golden]") {
  const json expected = golden_small();
  if (expected.is_null()) return;
  const Channels channels = channels_of(expected.at("selection").at("ape_w0.3_0.7").at("indices_ranked"));
  for (const auto& [type, tolerance] : {std::pair(torch::kDouble, kDouble), std::pair(torch::kFloat, kFloat)}) {
    const SmallProblem problem = small_problem();
    const Support support = to(problem.support, type);
    const auto matches = [&, tol = tolerance, scalar = type](const char* name, const char* relation,
                                                             const Overrides& overrides) {
      const json& entry = expected.at(name);
      const torch::Tensor logits = relate(relation, support, channels, overrides).logits(problem.test.to(scalar));
      const bool searched = entry.contains("test_logits_first3");
      REQUIRE(difference_of_rows(logits, entry.at(searched ? "test_logits_first3" : "logits_first3")) < tol);
      REQUIRE(std::abs(accuracy(logits, problem.test_labels) - entry.at(searched ? "test_acc" : "acc").get<double>()) <
              1e-9);
    };
    matches("ape_a1_b1_g0.1", "ape", {{"alpha", 1.0}, {"beta", 1.0}});
    matches("ape_variant_no_renorm", "ape", {{"alpha", 1.0}, {"beta", 1.0}, {"renormalise", false}});
    matches("ape_variant_kl_seed", "ape",
            {{"alpha", 1.0}, {"beta", 1.0}, {"kl_direction", text("text_label")}, {"log_base", text("e")}});
    matches("ape_variant_kl_minus", "ape", {{"alpha", 1.0}, {"beta", 1.0}, {"sign", text("minus")}});
    matches("ape_variant_scale1", "ape", {{"alpha", 1.0}, {"beta", 1.0}, {"logit_scale", 1.0}});
    matches("tip_a1.17_b1", "tip", {{"alpha", 1.17}, {"beta", 1.0}});
    const json& found = expected.at("ape_search");
    matches("ape_search", "ape",
            {{"alpha", found.at("alpha").get<double>()},
             {"beta", found.at("beta").get<double>()},
             {"gamma", found.at("gamma").get<double>()}});
  }
}
