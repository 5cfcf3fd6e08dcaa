// Accuracy on real CLIP features, through the runner. The material lies beside the checkout on some machines only.
#include <ATen/ops/zeros.h>

#include <cmath>
#include <map>

#include "formats/npy_writer.h"
#include "support/catch.h"
#include "support/files.h"
#include "support/process.h"
#include "support/shared.h"

using namespace tests;
using nlohmann::json;

namespace {

constexpr double kTolerance = 0.08;  // percentage points: three of 3,970 queries

json run_shared(const char* file, const TemporaryFolder& folder, const std::vector<std::string>& settings) {
  std::vector<std::string> arguments = {(source_folder() / "shared" / file).string(), "--json", "--out",
                                        (folder / "runs").string()};
  for (const std::string& setting : settings) {
    arguments.push_back("--set");
    arguments.push_back(setting);
  }
  const Outcome outcome = run_runner(arguments, {"TREFOIL_SHARED=" + shared_folder().string()});
  CAPTURE(outcome.err);
  REQUIRE(outcome.exit_code == 0);
  return outcome.json();
}

// "ape mixed joint w=.5 Q=400 a=2 b=5.5 g=0.1" -> settings.
std::vector<std::string> settings_of(const std::string& entry) {
  static const std::map<std::string, std::vector<std::string>> kWords = {
      {"zero_shot", {"relation.plugin=zero_shot"}},
      {"tip", {"relation.plugin=tip"}},
      {"ape", {"relation.plugin=ape"}},
      {"mixed", {"selector.plugin=mixed"}},
      {"similarity", {"selector.plugin=similarity"}},
      {"variance", {"selector.plugin=variance"}},
      {"joint", {"selector.population=joint"}},
      {"mix=.5", {"selector.population=mix", "selector.balance=0.5"}},
      {"intra", {"selector.source=intra"}},
      {"large", {"selector.keep=large"}},
      {"small", {"selector.keep=small"}}};
  static const std::map<std::string, std::string> kNumbers = {{"w", "selector.lambda"},
                                                              {"Q", "selector.q"},
                                                              {"a", "relation.alpha"},
                                                              {"b", "relation.beta"},
                                                              {"g", "relation.gamma"}};
  std::vector<std::string> settings;
  std::istringstream words(entry);
  std::string selector;
  for (std::string word; words >> word;) {
    const std::size_t equals = word.find('=');
    if (kWords.count(word) > 0) {
      settings.insert(settings.end(), kWords.at(word).begin(), kWords.at(word).end());
      if (word == "similarity" || word == "variance") selector = word;
    } else if (word == "text") {
      settings.push_back(selector == "variance" ? "selector.source=text" : "selector.population=text");
    } else if (equals != std::string::npos && kNumbers.count(word.substr(0, equals)) > 0) {
      std::string number = word.substr(equals + 1);
      if (number.front() == '.') number = "0" + number;
      settings.push_back(kNumbers.at(word.substr(0, equals)) + "=" + number);
    } else {
      FAIL("unknown word in an expectation: " << word);
    }
  }
  return settings;
}

void check_channels(const json& result, const json& first) {
  const auto summary = json::parse(read(result.at("run_dir").get<std::string>() + "/summary.json"));
  for (std::size_t i = 0; i < first.size(); ++i) REQUIRE(summary.at("channels").at("kept").at(i) == first.at(i));
}

void check_all(const char* set, const std::string& shots) {
  if (shared_folder_is_absent()) return;
  const json expectations = json::parse(read(shared_folder() / "golden/method/real_expectations.json")).at(set);
  const TemporaryFolder folder;
  std::size_t checked = 0;
  for (const auto& [entry, expected] : expectations.items()) {
    if (entry.rfind("channels", 0) == 0 || entry.rfind("kl_divergence", 0) == 0) continue;
    std::vector<std::string> settings = settings_of(entry);
    settings.push_back("data.support=support_" + shots + "shot.npy");
    settings.push_back("data.support_labels=support_" + shots + "shot_labels.npy");
    const json result = run_shared("sun397.toml", folder, settings);
    CAPTURE(entry);
    CHECK(std::abs(result.at("metrics").at("test.top1").get<double>() - expected.at(0).get<double>()) <= kTolerance);
    CHECK(std::abs(result.at("metrics").at("test.top5").get<double>() - expected.at(1).get<double>()) <= kTolerance);
    const std::size_t point = entry.find(" a=");
    const std::string channels =
        entry.rfind("ape ", 0) == 0 ? "channels " + entry.substr(4, point - 4) + " first 8" : "";
    if (expectations.contains(channels)) check_channels(result, expectations.at(channels));
    ++checked;
  }
  REQUIRE(checked >= 19);
}

}  // namespace

TEST_CASE("SUN397, four shots: every expectation", "[real_features]") { check_all("sun397_vitb32 4-shot", "4"); }

TEST_CASE("SUN397, one shot: every expectation", "[real_features]") { check_all("sun397_vitb32 1-shot", "1"); }

TEST_CASE("a Tip-Adapter cache folder runs, class means serving as text", "[real_features]") {
  if (shared_folder_is_absent()) return;
  const TemporaryFolder folder;
  const json result = run_shared("caltech101_tip_cache.toml", folder, {});
  REQUIRE(result.at("metrics").at("test.top1").get<double>() > 85);
  const std::string log = read(result.at("run_dir").get<std::string>() + "/log.txt");
  REQUIRE_THAT(log, ContainsSubstring("100 of 100 classes have no text feature"));
}

TEST_CASE("ragged and zero-shot classes run with every relation", "[real_features]") {
  if (shared_folder_is_absent()) return;
  const TemporaryFolder folder;
  for (const char* relation : {"zero_shot", "tip", "ape"}) {
    const json result = run_shared("track1_like.toml", folder, {std::string("relation.plugin=") + relation});
    REQUIRE(result.at("metrics").at("test.top1").get<double>() > 50);  // 261 classes have a text: chance is below 1
  }
}

TEST_CASE("what leaving images out chooses is worth these accuracies", "[real_features]") {
  if (shared_folder_is_absent()) return;
  const TemporaryFolder folder;
  const auto top1 = [&](const char* relation, const char* head) {
    const json result =
        run_shared("sun397.toml", folder,
                   {"selector.plugin=mixed", "selector.q=400", std::string("relation.plugin=") + relation,
                    std::string("head.plugin=") + head, "search.objective=loo"});
    return result.at("metrics").at("test.top1").get<double>();
  };
  REQUIRE(top1("ape", "none") >= 68.5);
  REQUIRE(top1("zero_shot", "gda") >= 69.5);
  REQUIRE(top1("ape", "residual") >= 70.3);
}

TEST_CASE("every head learns from ragged classes", "[real_features]") {
  if (shared_folder_is_absent()) return;
  const TemporaryFolder folder;
  for (const char* head : {"gda", "logistic", "residual", "text_residual", "tip_f"}) {
    CAPTURE(head);
    const json result = run_shared("track1_like.toml", folder, {std::string("head.plugin=") + head});
    REQUIRE(result.at("metrics").at("test.top1").get<double>() > 50);
  }
}

TEST_CASE("adapters gain where their assumption holds, and lose where it does not", "[real_features]") {
  if (shared_folder_is_absent()) return;
  const TemporaryFolder folder;
  const auto top1 = [&](const char* file, const char* adapter, std::vector<std::string> settings) {
    settings.push_back(std::string("adapter.plugin=") + adapter);
    const json result = run_shared(file, folder, settings);
    const std::string warnings = result.at("warnings").dump();
    REQUIRE((warnings.find("transductive: predictions depend on all ") != std::string::npos) ==
            (std::string(adapter) != "none"));
    REQUIRE((warnings.find("which assumes that classes are equally frequent") != std::string::npos) ==
            (std::string(adapter) == "balanced"));
    return result.at("metrics").at("test.top1").get<double>();
  };
  const std::vector<std::string> whitened = {"relation.plugin=zero_shot", "head.plugin=whitened"};
  double gain = 0;  // of `graph`, summed over disjoint supports
  for (const char* skip : {"0", "4", "8", "12", "16", "20"}) {
    std::vector<std::string> settings = whitened;
    settings.push_back(std::string("data.skip=") + skip);
    gain += top1("whurs19.toml", "graph", settings) - top1("whurs19.toml", "none", settings);
  }
  REQUIRE(gain / 6 >= 0.5);
  for (const char* relation : {"relation.plugin=zero_shot", "relation.plugin=kernel_ridge"}) {
    REQUIRE(top1("sun397.toml", "balanced", {relation}) - top1("sun397.toml", "none", {relation}) >= 1.5);
  }
  REQUIRE(top1("caltech51.toml", "balanced", whitened) < top1("caltech51.toml", "none", whitened) - 1);
}

TEST_CASE("transclip gains without support images, as its paper says", "[real_features]") {
  if (shared_folder_is_absent()) return;
  const TemporaryFolder folder;
  trefoil::formats::write_npy(folder / "none.npy", torch::zeros({0, 512}));
  trefoil::formats::write_npy(folder / "no_labels.npy", torch::zeros({0}, torch::kLong));
  const auto top1 = [&](const std::string& adapter) {
    const json result = run_shared("sun397.toml", folder,
                                   {"adapter.plugin=" + adapter, "data.support=" + (folder / "none.npy").string(),
                                    "data.support_labels=" + (folder / "no_labels.npy").string()});
    return result.at("metrics").at("test.top1").get<double>();
  };
  REQUIRE(top1("transclip") - top1("none") >= 2);
}
