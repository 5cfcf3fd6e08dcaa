// `runner predict`: the model of a run gives the run's result again.
#include <ATen/ops/ones.h>

#include "formats/npy_writer.h"
#include "run/model_file.h"
#include "support/catch.h"
#include "support/files.h"
#include "support/problem.h"
#include "support/process.h"

using namespace tests;

namespace {

std::size_t files_in(const std::filesystem::path& folder) {
  const std::filesystem::directory_iterator entries(folder);
  return static_cast<std::size_t>(std::distance(begin(entries), end(entries)));
}

// A run on the small problem.
class SmallRun {
 public:
  explicit SmallRun(const std::vector<std::string>& settings = {}) {
    std::vector<std::string> arguments = {write_small_experiment(folder_.path()).string(), "--out",
                                          (folder_ / "runs").string(), "--json"};
    for (const std::string& setting : settings) arguments.insert(arguments.end(), {"--set", setting});
    const Outcome outcome = run_runner(arguments);
    CAPTURE(outcome.err);
    REQUIRE(outcome.exit_code == 0);
    run_ = run_directory(outcome.json());
  }

  Outcome predict(const std::string& features, const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments = {"predict", "--model", run_.string(), "--features",
                                          features,  "--out",   out().string()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_runner(arguments);
  }

  std::string query() const { return (folder_ / "query.npy").string(); }
  std::filesystem::path out() const { return folder_ / "new/result.txt"; }
  const std::filesystem::path& run() const { return run_; }
  const TemporaryFolder& folder() const { return folder_; }

 private:
  TemporaryFolder folder_;
  std::filesystem::path run_;
};

}  // namespace

TEST_CASE("features are classified as the run did, to the byte", "[predict]") {
  for (const std::vector<std::string>& settings :
       {std::vector<std::string>{"selector.plugin=mixed", "selector.q=20", "relation.alpha=2.5"},
        std::vector<std::string>{"relation.plugin=tip"}, std::vector<std::string>{"relation.plugin=kernel_ridge"},
        std::vector<std::string>{"relation.plugin=kernel_ridge", "head.plugin=gda"},
        std::vector<std::string>{"relation.plugin=zero_shot"}}) {
    const SmallRun run(settings);
    const Outcome outcome = run.predict(run.query(), {"--threads", "2"});
    CAPTURE(settings, outcome.err);
    REQUIRE(outcome.exit_code == 0);
    REQUIRE(read(run.out()) == read(run.run() / "result.txt"));
    REQUIRE(files_in(run.out().parent_path()) == 1);
  }
}

TEST_CASE("labels give the run's accuracy, in words and as JSON", "[predict]") {
  const SmallRun run;
  const std::string labels = (run.folder() / "query_labels.npy").string();
  const auto summary = nlohmann::json::parse(read(run.run() / "summary.json"));
  const auto json = run.predict(run.query(), {"--labels", labels, "--json"}).json();
  REQUIRE(json.at("model") == (run.run() / "model.safetensors").string());
  REQUIRE(json.at("submission") == run.out().string());
  REQUIRE(json.at("queries") == 60);
  REQUIRE(json.at("metrics") == summary.at("metrics"));
  for (const char* metric : {"test.ece", "test.nll"}) REQUIRE(json.at("metrics").at(metric).get<double>() > 0);
  REQUIRE(json.at("warnings").empty());
  REQUIRE(json.at("seconds").contains("total"));
  REQUIRE_THAT(run.predict(run.query(), {"--labels", labels}).out,
               ContainsSubstring("top-1 ") && ContainsSubstring("top-5   100.00 %") && ContainsSubstring("ECE  ") &&
                   ContainsSubstring("−log p  "));
  REQUIRE(run.predict(run.query(), {"--json"}).json().at("metrics").empty());
  REQUIRE(run.predict(run.query(), {"--labels", run.query()}).exit_code == 4);
}

TEST_CASE("what the run had to warn of, predict repeats", "[predict]") {
  const SmallRun run;
  trefoil::run::Model model = trefoil::run::read_model(run.run() / "model.safetensors");
  model.warnings = {"chosen on test labels"};
  trefoil::run::write_model(run.run() / "model.safetensors", model);
  const Outcome outcome = run.predict(run.query(), {"--json"});
  REQUIRE_THAT(outcome.err, ContainsSubstring("chosen on test labels"));
  REQUIRE_THAT(outcome.json().at("warnings").at(0).get<std::string>(), ContainsSubstring("chosen on test labels"));
}

TEST_CASE("features that do not fit the model are refused, and nothing is written", "[predict]") {
  const SmallRun run;
  trefoil::formats::write_npy(run.folder() / "narrow.npy", torch::ones({3, 20}));
  const Outcome narrow = run.predict((run.folder() / "narrow.npy").string());
  REQUIRE(narrow.exit_code == 4);
  REQUIRE_THAT(narrow.err,
               ContainsSubstring("narrow.npy") && ContainsSubstring("D = 20") && ContainsSubstring("D = 32"));
  REQUIRE(run.predict("/nowhere.npy").exit_code == 4);
  REQUIRE(files_in(run.out().parent_path()) == 0);
}

TEST_CASE("what is no model, or no encoder's, is refused", "[predict]") {
  const SmallRun run;
  const auto with_model = [&](const std::string& model) {
    return run_runner({"predict", "--model", model, "--features", run.query(), "--out", run.out().string()});
  };
  REQUIRE(with_model((run.run() / "model.safetensors").string()).exit_code == 0);
  const Outcome no_run = with_model(run.folder().path().string());
  REQUIRE(no_run.exit_code == 4);
  REQUIRE_THAT(no_run.err, ContainsSubstring("there is no model.safetensors in it"));
  const std::string bytes = read(run.run() / "model.safetensors");
  const auto damaged = run.folder().write("damaged.safetensors", bytes.substr(0, bytes.size() - 100));
  REQUIRE(with_model(damaged.string()).exit_code == 4);
  const Outcome images = run_runner({"predict", "--model", run.run().string(), "--images", run.folder().path().string(),
                                     "--out", run.out().string()});
  REQUIRE(images.exit_code == 4);
}

TEST_CASE("mistakes of `runner predict` are told apart", "[predict]") {
  const SmallRun run;
  const std::string model = run.run().string();
  const std::string out = run.out().string();
  REQUIRE(run_runner({"predict", "--model", model, "--out", out}).exit_code == 2);
  REQUIRE(run_runner({"predict", "--model", model, "--features", run.query()}).exit_code == 2);
  REQUIRE(run.predict(run.query(), {"--images", "x"}).exit_code == 2);
  REQUIRE(run.predict(run.query(), {"--set", "weights=x"}).exit_code == 2);
  const Outcome folder =
      run_runner({"predict", "--model", model, "--features", run.query(), "--out", run.folder().path().string()});
  REQUIRE(folder.exit_code == 2);
  REQUIRE_THAT(folder.err, ContainsSubstring("is a folder"));
  const auto file = run.folder().write("file", "");
  const Outcome nowhere = run_runner(
      {"predict", "--model", model, "--features", run.query(), "--out", (file / "result.txt").string(), "--json"});
  REQUIRE(nowhere.exit_code == 1);
  REQUIRE(nowhere.json().at("exit_code") == 1);
}
