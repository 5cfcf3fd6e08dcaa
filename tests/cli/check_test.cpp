// runner plugins check: what built-in plugins keep, and wrong ones break.
#include "support/catch.h"
#include "support/clip_model.h"
#include "support/files.h"
#include "support/process.h"

using namespace tests;

namespace {

std::string library(const std::string& folder) { return (bad_plugins_folder() / folder / (folder + ".so")).string(); }

// The rules that the plugin breaks, with what is said of each.
std::vector<std::pair<std::string, std::string>> broken(const std::string& file, const std::string& setting) {
  const Outcome outcome = run_runner({"plugins", "check", file, "--set", setting, "--json"});
  CAPTURE(outcome.err);
  REQUIRE(outcome.exit_code == 3);
  REQUIRE(outcome.json().at("holds") == false);
  std::vector<std::pair<std::string, std::string>> rules;
  const auto all = outcome.json().at("rules");
  for (const auto& rule : all) {
    if (rule.at("verdict") == "broken") rules.emplace_back(rule.at("rule"), rule.at("detail"));
  }
  return rules;
}

void breaks_first(const std::string& file, const std::string& setting, const std::string& rule,
                  const std::string& what) {
  const auto rules = broken(file, setting);
  CAPTURE(setting);
  REQUIRE(rules.front().first == rule);
  REQUIRE_THAT(rules.front().second, ContainsSubstring(what));
}

}  // namespace

TEST_CASE("every built-in selector, relation, head and adapter keeps the rules", "[check]") {
  int checked = 0;
  const auto plugins = run_runner({"plugins", "--json"}).json().at("plugins");
  for (const auto& plugin : plugins) {
    const std::string kind = plugin.at("kind");
    if (kind == "encoder") continue;  // they need weights
    const std::string name = kind + "/" + plugin.at("name").get<std::string>();
    if (plugin.at("name") == "script") continue;  // they need a script
    const Outcome outcome = run_runner({"plugins", "check", name});
    CAPTURE(name, outcome.out, outcome.err);
    REQUIRE(outcome.exit_code == 0);
    REQUIRE_THAT(outcome.out,
                 ContainsSubstring("ok       5 classes with 4 images each") && ContainsSubstring(" 0 broken"));
    ++checked;
  }
  REQUIRE(checked > 18);
}

TEST_CASE("scripts keep the rules of their kind", "[check]") {
  const auto scripts = source_folder().parent_path() / "experiments/scripts";
  for (const auto& [kind, name] :
       {std::pair("selector", "mixed"), std::pair("relation", "ape"), std::pair("relation", "power"),
        std::pair("head", "class_means"), std::pair("adapter", "balanced")}) {
    const Outcome outcome = run_runner(
        {"plugins", "check", std::string(kind) + "/script", "--set", "file=" + (scripts / name).string() + ".py"});
    CAPTURE(name, outcome.out, outcome.err);
    REQUIRE(outcome.exit_code == 0);
    REQUIRE_THAT(outcome.out, ContainsSubstring(" 0 broken"));
  }
}

TEST_CASE("the encoder clip keeps the rules", "[check]") {
  const TemporaryFolder folder;
  write_tensors(folder / "model.safetensors", small_vit());
  write_clip_vocabulary(folder / "words");
  const Outcome outcome =
      run_runner({"plugins", "check", "encoder/clip", "--set", "weights=" + (folder / "model.safetensors").string(),
                  "--set", "vocabulary=" + (folder / "words").string()});
  CAPTURE(outcome.out, outcome.err);
  REQUIRE(outcome.exit_code == 0);
}

TEST_CASE("a rule that is broken is named", "[check]") {
  breaks_first(library("careless"), "how=again", "gives the same scores again", "values differ");
  breaks_first(library("careless"), "how=threads", "gives the same scores with two threads", "by up to 1");
  breaks_first(library("careless"), "how=support", "does not modify the support", "text: values differ");
  breaks_first(library("careless"), "how=foreign", "no images", "not a std::exception");
  breaks_first(library("misbehaving"), "how=nan", "5 classes with 4 images each", "holds a NaN");
  breaks_first(library("misbehaving"), "how=shape", "5 classes with 4 images each",
               "has the shape [25], expected [24]");
  breaks_first(library("misbehaving"), "how=throws_in_create", "5 classes with 4 images each",
               "create does not like it");
  breaks_first(library("misbehaving_relation"), "how=keys", "5 classes with 4 images each, Q = 1, D/2 and D", "keys");
  breaks_first(library("misbehaving_relation"), "how=logits_nan", "5 classes with 4 images each, Q = 1, D/2 and D",
               "NaN");
  breaks_first(library("misbehaving_adapter"), "how=bias", "5 classes with 4 images each", "bias");
  breaks_first(library("misbehaving_adapter"), "how=rows", "5 classes with 4 images each", "rows that do not exist");
  breaks_first(library("misbehaving_adapter"), "how=again", "gives the same logits when created again",
               "values differ");
  breaks_first(library("misbehaving_adapter"), "how=assumption", "assumption() and queries_per_class() are valid",
               "one line");
}

TEST_CASE("what cannot be checked is told apart", "[check]") {
  const Outcome refused = run_runner({"plugins", "check", library("older_abi")});
  REQUIRE(refused.exit_code == 3);
  REQUIRE_THAT(refused.err, ContainsSubstring("it was built for plugin ABI"));
  const Outcome mistyped = run_runner({"plugins", "check", "selector/mixed", "--set", "lamda=1"});
  REQUIRE(mistyped.exit_code == 2);
  REQUIRE_THAT(mistyped.err, ContainsSubstring("did you mean 'lambda'?"));
  REQUIRE(run_runner({"plugins", "check", "encoder/clip"}).exit_code == 2);  // weights are required
  REQUIRE(run_runner({"plugins", "check", "nothing"}).exit_code == 2);
}
