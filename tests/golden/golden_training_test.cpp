// The golden numbers of ../shared for training, where it lies beside the checkout: APE-T's three steps.
#include <ATen/ops/ones.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>

#include <nlohmann/json.hpp>

#include "heads/training/descent.h"
#include "heads/training/residual_objective.h"
#include "support/catch.h"
#include "support/files.h"
#include "support/plugins.h"
#include "support/problem.h"
#include "support/shared.h"
#include "trefoil/channels.h"
#include "trefoil/head.h"

using namespace tests;
using nlohmann::json;
using trefoil::Channels;
using trefoil::Classifier;
using trefoil::Support;

namespace {

Classifier start_of(const Support& support, const Channels& channels, const json& expected) {
  return relate("tip", support, channels,
                {{"alpha", expected.at("alpha").get<double>()}, {"beta", expected.at("beta").get<double>()}});
}

}  // namespace

TEST_CASE("residual's variant code reaches the golden residual, weights and logits", "[golden]") {
  const json golden = golden_small();
  if (golden.is_null()) return;
  const json& expected = golden.at("apet");
  for (const auto& [type, tolerance] : {std::pair(torch::kDouble, 1e-9), std::pair(torch::kFloat, 1e-4)}) {
    const SmallProblem problem = small_problem();
    const Support support = to(problem.support, type);
    const Channels channels = channels_of(expected.at("indices"));
    const auto head = make_plugin(trefoil::PluginKind::head, "residual",
                                  {{"variant", std::string("code")},
                                   {"own_key", std::string("keep")},
                                   {"lr", expected.at("lr").get<double>()},
                                   {"epsilon", expected.at("eps").get<double>()},
                                   {"weight_decay", expected.at("wd").get<double>()},
                                   {"epochs", expected.at("epochs").get<std::int64_t>()}},
                                  1);
    const Classifier trained =
        dynamic_cast<const trefoil::Head&>(*head).train(start_of(support, channels, expected), support, channels);
    const torch::Tensor residual = trefoil::restrict_to(trained.text - support.text, channels);
    const json& last = expected.at("after").back();
    REQUIRE(difference_of_first(residual, last.at("res_row0_first5")) < tolerance);
    REQUIRE(std::abs(residual.norm().item<double>() - last.at("res_norm").get<double>()) < tolerance);
    REQUIRE(difference_of_first(trained.weight, last.at("vw_first5")) < tolerance);
    const torch::Tensor logits = trained.logits(problem.test.to(type));
    const json& rows = expected.at("test_logits_first3");
    for (std::size_t i = 0; i < rows.size(); ++i) {
      REQUIRE(difference_of_first(logits[static_cast<std::int64_t>(i)], rows[i]) < tolerance);
    }
  }
}

TEST_CASE("the losses of training are the golden ones", "[golden]") {
  const json golden = golden_small();
  if (golden.is_null()) return;
  const json& expected = golden.at("apet");
  for (const auto& [type, tolerance] : {std::pair(torch::kDouble, 1e-9), std::pair(torch::kFloat, 1e-4)}) {
    const Support support = to(small_problem().support, type);
    const Channels channels = channels_of(expected.at("indices"));
    Classifier start = start_of(support, channels, expected);
    start.weight = torch::ones({support.image_count()}, support.images.options());
    head_training::Settings settings;
    settings.rate = expected.at("lr").get<double>();
    settings.epochs = expected.at("epochs").get<std::int64_t>();
    head_training::ResidualObjective::Options options;
    options.cache_terms = head_training::CacheTerms::by_key;
    options.masked = false;
    options.weight_decay = settings.weight_decay;
    options.epsilon = settings.epsilon;
    const head_training::Examples examples(support);
    parallel::Workers workers(2);
    head_training::ResidualObjective objective(start, examples, options, workers);
    const torch::Tensor residual = torch::zeros({5, 20}, support.text.options());
    head_training::Descent descent(residual, examples, channels.index, objective, settings, workers);
    const std::vector<double> losses = descent.run([](std::int64_t, std::int64_t) {});
    REQUIRE(losses.size() == 3);
    for (std::size_t i = 0; i < losses.size(); ++i) {
      REQUIRE(std::abs(losses[i] - expected.at("losses")[i].get<double>()) < tolerance);
    }
  }
}
