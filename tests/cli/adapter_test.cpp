// [adapter] in the runner: what the outputs say, `predict`, the search, and sweeps.
#include <ATen/ops/arange.h>

#include "formats/npy_writer.h"
#include "support/catch.h"
#include "support/files.h"
#include "support/problem.h"
#include "support/process.h"

using namespace tests;

namespace {

// Runs of the small problem. Relative paths in settings start from its folder.
class SmallRuns {
 public:
  SmallRuns() { write_small_experiment(folder_.path()); }

  Outcome run(const std::vector<std::string>& settings, const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments = {(folder_ / "experiment.toml").string(), "--out", (folder_ / "runs").string(),
                                          "--json"};
    for (const std::string& setting : settings) arguments.insert(arguments.end(), {"--set", setting});
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_runner(arguments);
  }

  Outcome predict(const std::string& run_dir, const std::string& features) const {
    return run_runner({"predict", "--model", run_dir, "--features", (folder_ / features).string(), "--out",
                       out().string(), "--json"});
  }

  std::filesystem::path out() const { return folder_ / "new/result.txt"; }
  const TemporaryFolder& folder() const { return folder_; }

 private:
  TemporaryFolder folder_;
};

const char* const kBalancedNote =
    "transductive: predictions depend on all 60 test images together (adapter balanced, which assumes that classes are "
    "equally frequent among them)";
const char* const kGraphNote = "transductive: predictions depend on all 60 test images together (adapter graph)";

// 16 images of each of 5 classes around the texts of the small problem.
std::vector<std::string> with_sixteen_shots(const TemporaryFolder& folder) {
  const trefoil::Support support = small_problem().support;
  const torch::Tensor labels = torch::arange(80).div(16, "floor");
  trefoil::formats::write_npy(folder / "many.npy",
                              trefoil::unit_rows(support.text.index_select(0, labels) + normal_numbers({80, 32}, 3)));
  trefoil::formats::write_npy(folder / "many_labels.npy", labels);
  return {"data.support=" + (folder / "many.npy").string(),
          "data.support_labels=" + (folder / "many_labels.npy").string()};
}

std::vector<std::string> joined(std::vector<std::string> a, const std::vector<std::string>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

}  // namespace

TEST_CASE("every output of a transductive run says what it is", "[adapter]") {
  const SmallRuns small;
  const Outcome outcome = small.run({"adapter.plugin=balanced"});
  const auto json = succeeded(outcome);
  REQUIRE_THAT(outcome.err, ContainsSubstring(kBalancedNote));
  REQUIRE(json.at("warnings").at(0) == kBalancedNote);
  REQUIRE(json.at("adapter") == nlohmann::json{{"plugin", "balanced"},
                                               {"transductive", "predictions depend on all 60 test images together"},
                                               {"assumes", "classes are equally frequent"}});
  REQUIRE(json.at("seconds").contains("adapt"));
  for (const char* file : {"log.txt", "report.html"})
    REQUIRE_THAT(run_file(json, file), ContainsSubstring(kBalancedNote));
  const auto summary = nlohmann::json::parse(run_file(json, "summary.json"));
  REQUIRE(summary.at("adapter") == json.at("adapter"));
  REQUIRE(summary.at("figures").at("adapter/balanced.largest_shift").get<double>() > 0);
  REQUIRE_FALSE(succeeded(small.run({})).contains("adapter"));
  const auto plain = succeeded(small.run({"adapter.plugin=none"}));
  REQUIRE(plain.at("warnings").empty());
  REQUIRE(run_file(plain, "result.txt") != run_file(json, "result.txt"));
}

TEST_CASE("results do not depend on the number of threads", "[adapter]") {
  const SmallRuns small;
  for (const char* adapter : {"adapter.plugin=balanced", "adapter.plugin=graph", "adapter.plugin=transclip"}) {
    const auto one = succeeded(small.run({adapter}, {"--threads", "1"}));
    const auto three = succeeded(small.run({adapter}, {"--threads", "3"}));
    REQUIRE(run_file(one, "predictions.csv") == run_file(three, "predictions.csv"));
  }
}

TEST_CASE("predict adapts the model to the images that it is given", "[adapter]") {
  const SmallRuns small;
  for (const auto& [settings, note] :
       {std::pair<std::vector<std::string>, const char*>{{"adapter.plugin=graph", "adapter.mix=0.8"}, kGraphNote},
        {{"adapter.plugin=balanced", "head.plugin=whitened"}, kBalancedNote},
        {{"adapter.plugin=graph", "relation.plugin=kernel_ridge"}, kGraphNote}}) {
    const auto json = succeeded(small.run(settings));
    const Outcome outcome = small.predict(run_directory(json), "query.npy");
    const auto prediction = succeeded(outcome);
    REQUIRE(read(small.out()) == run_file(json, "result.txt"));
    REQUIRE(prediction.at("adapter") == json.at("adapter"));
    REQUIRE(prediction.at("warnings").at(0) == note);
    REQUIRE_THAT(outcome.err, ContainsSubstring(note));
  }
}

TEST_CASE("an adapter warns when there are fewer images than it needs", "[adapter]") {
  const SmallRuns small;
  trefoil::formats::write_npy(small.folder() / "few.npy", small_problem().test.narrow(0, 0, 20).to(torch::kFloat));
  const auto json = succeeded(small.run({"adapter.plugin=graph"}));
  REQUIRE(json.at("warnings") == nlohmann::json::array({kGraphNote}));
  const auto prediction = succeeded(small.predict(run_directory(json), "few.npy"));
  REQUIRE(prediction.at("warnings").at(1) ==
          "adapter graph: there are 20 test images for 5 classes, 4.0 for each class on average; with fewer than 8, "
          "adapting is more likely to lower the accuracy than to raise it");
}

TEST_CASE("predict reads the files that the adapter needs, and notices a change", "[adapter]") {
  const SmallRuns small;
  const std::string priors = small.folder().write("priors.txt", "1\n2\n3\n4\n10\n").string();
  const auto json = succeeded(small.run({"adapter.plugin=balanced", "adapter.priors=" + priors}));
  REQUIRE(json.at("adapter").at("assumes") == "classes have the frequencies in priors.txt");
  succeeded(small.predict(run_directory(json), "query.npy"));
  REQUIRE(read(small.out()) == run_file(json, "result.txt"));
  small.folder().write("priors.txt", "1\n1\n1\n1\n1\n");
  const Outcome changed = small.predict(run_directory(json), "query.npy");
  REQUIRE(changed.exit_code == 4);
  REQUIRE_THAT(changed.err, ContainsSubstring("priors.txt: 'priors' of the model's adapter needs this file, and its "
                                              "content has changed"));
  std::filesystem::remove(priors);
  REQUIRE_THAT(small.predict(run_directory(json), "query.npy").err, ContainsSubstring("it cannot be read"));
}

TEST_CASE("predict names a bad row before it adapts", "[adapter]") {
  const SmallRuns small;
  torch::Tensor rows = small_problem().test.to(torch::kFloat).clone();
  rows[7].zero_();
  trefoil::formats::write_npy(small.folder() / "zero.npy", rows);
  const auto json = succeeded(small.run({"adapter.plugin=balanced"}));
  const Outcome outcome = small.predict(run_directory(json), "zero.npy");
  REQUIRE(outcome.exit_code == 4);
  REQUIRE_THAT(outcome.err, ContainsSubstring("zero.npy") && ContainsSubstring("7"));
}

TEST_CASE("a search without ranges for the adapter leaves it alone, and says so", "[adapter]") {
  const SmallRuns small;
  const Outcome outcome = small.run({"adapter.plugin=balanced", "search.objective=loo"});
  const auto json = succeeded(outcome);
  REQUIRE_THAT(outcome.err, ContainsSubstring("the adapter is not searched, and keeps the values of the file"));
  REQUIRE_THAT(run_file(json, "search.csv"), !ContainsSubstring("adapter"));
}

TEST_CASE("a search that would say nothing about the queries is refused with the reason", "[adapter]") {
  const SmallRuns small;
  const std::vector<std::string> strengths = {"adapter.plugin=balanced", "search.adapter.strength=[0.25, 0.5, 1]"};
  const std::vector<std::string> mixes = {"adapter.plugin=graph", "search.adapter.mix=[0.1, 0.5, 0.9]"};
  require_refused(small.run(strengths),
                  "adapter balanced assumes that classes are equally frequent, and left-out images cannot test that");
  require_refused(small.run(strengths), "give 'adapter.strength' a value in [adapter]");
  require_refused(small.run(mixes), "adapter graph needs 8 images of each class that are left out together");
  require_refused(small.run(mixes), "the support has 4.0 images of each class on average");
  require_refused(small.run(mixes), "use 16 or more shots");
  trefoil::formats::write_npy(small.folder() / "val.npy", small_problem().validation.narrow(0, 0, 10));
  trefoil::formats::write_npy(small.folder() / "val_labels.npy", small_problem().validation_labels.narrow(0, 0, 10));
  require_refused(small.run(joined(mixes, {"search.objective=val", "data.val=" + (small.folder() / "val.npy").string(),
                                           "data.val_labels=" + (small.folder() / "val_labels.npy").string()})),
                  "the images of objective \"val\" are 2.0 of each class on average");
}

TEST_CASE("left-out images are adapted together, if there are enough of them", "[adapter]") {
  const SmallRuns small;
  const auto json = succeeded(small.run(
      joined(with_sixteen_shots(small.folder()),
             {"adapter.plugin=graph", "search.adapter.mix=[0.1, 0.5, 0.9]", "search.adapter.neighbours=[3, 10]"})));
  const auto stages = nlohmann::json::parse(run_file(json, "summary.json")).at("search").at("stages");
  const auto& stage = stages.at(0);
  REQUIRE(stages.size() == 1);
  REQUIRE(stage.at("stage") == "adapter");
  REQUIRE(stage.at("queries") == 80);
  REQUIRE(json.at("chosen").contains("adapter.mix"));
  REQUIRE_THAT(run_file(json, "search.csv"), ContainsSubstring("adapter,loo,0.1,3,"));
  REQUIRE_THAT(run_file(json, "log.txt"),
               ContainsSubstring("chose adapter.mix = ") || ContainsSubstring("neighbours = "));
}

TEST_CASE("an assumption about frequencies may be searched on a validation split, with a warning", "[adapter]") {
  const SmallRuns small;
  const auto json = succeeded(small.run({"adapter.plugin=balanced", "search.adapter.strength=[0, 0.5, 1]",
                                         "search.objective=val", "data.val=" + (small.folder() / "query.npy").string(),
                                         "data.val_labels=" + (small.folder() / "query_labels.npy").string()}));
  REQUIRE_THAT(json.at("warnings").dump(), ContainsSubstring("they are right only if classes are as frequent among the "
                                                             "queries as among the searched images"));
  REQUIRE(json.at("chosen").contains("adapter.strength"));
}

TEST_CASE("a sweep over an adapter names it in the table and in the CSV file", "[adapter]") {
  const SmallRuns small;
  const std::string file = small.folder()
                               .write("sweep.toml",
                                      "extends = \"experiment.toml\"\n[adapter]\nplugin = \"balanced\"\n[sweep]\n"
                                      "grid = { \"adapter.strength\" = [0.0, 1.0] }\n")
                               .string();
  const Outcome outcome = run_runner({file, "--out", (small.folder() / "runs").string()});
  CAPTURE(outcome.out, outcome.err);
  REQUIRE(outcome.exit_code == 0);
  std::string csv;
  std::string markdown;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(small.folder() / "runs")) {
    if (entry.path().filename() == "results.csv") csv = read(entry.path());
    if (entry.path().filename() == "results.md") markdown = read(entry.path());
  }
  REQUIRE_THAT(csv, ContainsSubstring("transductive") && ContainsSubstring("balanced"));
  REQUIRE_THAT(markdown, ContainsSubstring(kBalancedNote));
}
