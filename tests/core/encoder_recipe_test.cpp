// Whether an encoder is the one that a model was made with.
#include "run/encoder_recipe.h"

#include <functional>

#include "support/catch.h"
#include "support/plugins.h"

using trefoil::run::EncoderRecipe;

TEST_CASE("encoders are compared by what decides their features", "[model]") {
  EncoderRecipe recipe;
  recipe.key = {{"encoder", "clip"},
                {"version", "1.0.0"},
                {"device", "cpu"},
                {"parameters", {{"weights", "aa"}, {"words", {{"vocab.json", "bb"}}}}}};
  const auto differences = [&](const std::function<void(nlohmann::ordered_json&)>& change) {
    nlohmann::ordered_json key = recipe.key;
    change(key);
    return trefoil::run::differences(recipe, {"", key.dump()});
  };
  const auto same = differences([](auto&) {});
  REQUIRE((same.decisive.empty() && same.minor.empty()));
  const auto newer = differences([](auto& key) {
    key["version"] = "1.1.0";
    key["device"] = "cuda";
  });
  REQUIRE(newer.decisive.empty());
  REQUIRE(newer.minor ==
          "\n  device: expected \"cpu\", found \"cuda\"\n  version: expected \"1.0.0\", found \"1.1.0\"");
  REQUIRE(differences([](auto& key) { key["parameters"]["weights"] = "ab"; }).decisive ==
          "\n  weights: expected \"aa\", found \"ab\"");
  REQUIRE(differences([](auto& key) { key["parameters"]["words"]["vocab.json"] = "bc"; }).decisive ==
          "\n  words/vocab.json: expected \"bb\", found \"bc\"");
  REQUIRE(differences([](auto& key) { key["parameters"]["more"] = 3; }).decisive ==
          "\n  more: expected nothing, found 3");
}

TEST_CASE("a model cannot say that its encoder may run code", "[model]") {
  EncoderRecipe recipe;
  recipe.plugin = "torchscript";
  recipe.settings = {"model=\"model.pt\"", "text_features=\"text.npy\"", "trust=true"};
  const auto trusts = [&](const std::vector<std::string>& changes) {
    return trefoil::run::choose_encoder(recipe, changes, tests::registry()).parameters.boolean("trust");
  };
  REQUIRE_FALSE(trusts({}));
  REQUIRE(trusts({"trust=true"}));
}
