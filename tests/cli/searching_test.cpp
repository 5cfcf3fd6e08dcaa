// [search] in the runner: the choice, the output files, and the errors.
#include <sstream>

#include "formats/npy_writer.h"
#include "support/catch.h"
#include "support/files.h"
#include "support/plugins.h"
#include "support/problem.h"
#include "support/process.h"

using namespace tests;

namespace {

// The small problem, with an experiment file that extends it.
class Searched {
 public:
  explicit Searched(const std::string& text) {
    write_small_experiment(folder_.path());
    file_ = folder_.write("search.toml", "extends = \"experiment.toml\"\n" + text);
  }

  Outcome run(const std::vector<std::string>& settings = {}, const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments = {file_.string(), "--out", (folder_ / "runs").string(), "--json"};
    for (const std::string& setting : settings) arguments.insert(arguments.end(), {"--set", setting});
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_runner(arguments);
  }

  const TemporaryFolder& folder() const { return folder_; }

 private:
  TemporaryFolder folder_;
  std::filesystem::path file_;
};

const char* const kSearchGrid = R"([selector]
plugin = "mixed"
q      = 20
[search]
objective       = "loo"
"selector.q"    = [12, 20]
"relation.alpha" = { from = 0.5, to = 8, count = 5, scale = "log" }
"relation.beta"  = { from = 1.0, to = 9.0, count = 3 }
"relation.gamma" = [0.0, 0.2]
)";

}  // namespace

TEST_CASE("a search writes its losses, its choice, and how flat the optimum is", "[searching]") {
  const Searched search(kSearchGrid);
  const auto json = succeeded(search.run());
  const auto summary = nlohmann::json::parse(run_file(json, "summary.json"));
  const auto& stage = summary.at("search").at("stages").at(0);
  REQUIRE(stage.at("points") == 2 * 5 * 3 * 2);
  REQUIRE(stage.at("queries") == 20);
  for (const char* key : {"selector.q", "relation.alpha", "relation.beta", "relation.gamma"}) {
    REQUIRE(json.at("chosen").at(key).get<double>() == stage.at("chosen").at(key).get<double>());
  }
  REQUIRE(stage.at("best").at("loss") <= stage.at("chosen").at("loss"));
  REQUIRE(stage.at("share_as_good_as_best") > 0);
  REQUIRE_THAT(run_file(json, "log.txt"), ContainsSubstring("chose selector.q = ") && ContainsSubstring(", beta = ") &&
                                              ContainsSubstring(" by leave-one-out on 20 images: Brier ") &&
                                              ContainsSubstring(" % of settings within one standard error)"));
  const std::string table = run_file(json, "search.csv");
  REQUIRE(line_count(table) == 1 + 60);
  REQUIRE_THAT(table, ContainsSubstring("stage,objective,selector.q,relation.alpha,relation.beta,relation.gamma,brier,"
                                        "images,as_good_as_best,chosen\nrelation,loo,12,0.5,1,0,"));
  REQUIRE_THAT(run_file(json, "report.html"),
               ContainsSubstring("<h2>Search</h2>") && ContainsSubstring("class=\"chosen\""));
}

TEST_CASE("the resolved file searches again and chooses the same, on any number of threads", "[searching]") {
  const Searched search(kSearchGrid);
  const auto first = succeeded(search.run({}, {"--threads", "1"}));
  const std::string config = (run_directory(first) / "config.toml").string();
  const auto second =
      succeeded(run_runner({config, "--out", (search.folder() / "runs").string(), "--json", "--threads", "3"}));
  REQUIRE(first.at("chosen") == second.at("chosen"));
  REQUIRE(run_file(first, "search.csv") == run_file(second, "search.csv"));
  REQUIRE(run_file(first, "result.txt") == run_file(second, "result.txt"));
}

TEST_CASE("without ranges, the ranges that the plugins declare are searched", "[searching]") {
  const Searched search("[search]\n");
  const auto json = succeeded(search.run());
  REQUIRE(line_count(run_file(json, "search.csv")) == 1 + 13 * 11);
  REQUIRE_THAT(run_file(json, "config.toml"),
               ContainsSubstring("\"relation.alpha\" = { from = 0.5, to = 32.0, count = 13, scale = \"log\" }"));
}

TEST_CASE("alpha may be searched exactly, by every metric", "[searching]") {
  for (const char* metric : {"accuracy", "nll", "brier"}) {
    const Searched search("[search]\n\"relation.alpha\" = \"exact\"\n\"relation.beta\" = [2, 5]\ntolerance = 0\n");
    const auto exact = succeeded(search.run({std::string("search.metric=") + metric}));
    const auto grid = succeeded(search.run(
        {std::string("search.metric=") + metric, "search.relation.alpha={ from = 0.5, to = 32, count = 40 }"}));
    const auto loss = [](const nlohmann::json& json) {
      const auto summary = nlohmann::json::parse(run_file(json, "summary.json"));
      return summary.at("search").at("stages").at(0).at("chosen").at("loss").get<double>();
    };
    CAPTURE(metric);
    REQUIRE(loss(exact) <= loss(grid) + 1e-6);
  }
}

TEST_CASE("choosing on the test labels needs a permission, and every output warns of it", "[searching]") {
  const Searched search("[search]\nobjective = \"test\"\n");
  require_refused(
      search.run(),
      "search.toml:3:13: error: choosing parameters on the test labels makes the test accuracy meaningless");
  const Outcome outcome = search.run({"search.allow_test_selection=true"});
  const auto json = succeeded(outcome);
  const std::string warning = "chosen on the test labels";
  REQUIRE_THAT(outcome.err, ContainsSubstring(warning));
  REQUIRE_THAT(outcome.out, ContainsSubstring(warning));
  for (const char* file : {"summary.json", "report.html", "log.txt", "metrics.jsonl", "model.safetensors"}) {
    REQUIRE_THAT(run_file(json, file), ContainsSubstring(warning));
  }
  REQUIRE_THAT(run_file(json, "search.csv"), ContainsSubstring("relation,test,"));
}

TEST_CASE("objective val uses the validation split, and needs one", "[searching]") {
  const Searched search("[search]\nobjective = \"val\"\n");
  const SmallProblem problem = small_problem();
  const Outcome without = search.run();
  REQUIRE(without.exit_code == 4);
  REQUIRE_THAT(without.err, ContainsSubstring("set data.val and data.val_labels"));
  trefoil::formats::write_npy(search.folder() / "val.npy", problem.validation.to(torch::kFloat));
  trefoil::formats::write_npy(search.folder() / "val_labels.npy", problem.validation_labels);
  const auto json = succeeded(search.run({"data.val=val.npy", "data.val_labels=val_labels.npy"}));
  const auto summary = nlohmann::json::parse(run_file(json, "summary.json"));
  REQUIRE(summary.at("search").at("stages").at(0).at("queries") == 40);
  REQUIRE_THAT(run_file(json, "log.txt"), ContainsSubstring(" on the validation split (40 images): Brier "));
}

TEST_CASE("with one image in each class nothing is searched, and the values of the file are used", "[searching]") {
  const Searched search("[search]\n");
  const Outcome outcome = search.run({"data.shots=1"});
  const auto json = succeeded(outcome);
  REQUIRE_THAT(outcome.err, ContainsSubstring("Nothing was searched; the values of the file are used"));
  REQUIRE(json.at("chosen").at("relation.alpha") == 4.0);
}

TEST_CASE("a wrong [search] section is refused, with its place", "[searching]") {
  const auto says = [](const std::string& lines, const std::string& reason) {
    require_refused(Searched("[search]\n" + lines).run(), reason);
  };
  says("\"relation.alhpa\" = [1]\n", "search.toml:3:1: error: unknown key 'relation.alhpa' in [search]");
  says("\"relation.alhpa\" = [1]\n", "did you mean 'relation.alpha'?");
  says("objectiv = \"loo\"\n", "did you mean 'objective'?");
  says("\"relation.beta\" = \"exact\"\n", "'relation.beta' cannot be searched exactly: only relation.alpha can");
  says("\"relation.beta\" = { from = 1, to = 2 }\n", "needs 'count', the number of values");
  says("\"relation.beta\" = { from = 0, to = 2, count = 3, scale = \"log\" }\n", "cannot be logarithmic");
  says("\"relation.beta\" = [1, \"2\"]\n", "is a list of numbers; this is a text");
  says("\"relation.beta\" = [-1]\n", "the search would try -1.0");
  says("\"relation.beta\" = []\n", "has no value to try");
  says("\"relation.beta\" = { from = 1, to = 2, cuont = 3 }\n", "did you mean 'count'?");
  says("\"relation.renormalise\" = [1]\n", "unknown key 'relation.renormalise'");
  says("fixed = [\"relation.beta\", \"relation.gama\"]\n",
       "search.toml:3:27: error: 'relation.gama' in search.fixed is not a numeric parameter of any plugin");
  says("fixed = [\"relation.gama\"]\n", "did you mean 'relation.gamma'?");
  require_refused(Searched("[search]\n\"selector.q\" = [20, 33]\n[selector]\nplugin = \"variance\"\nq = 3\n").run(),
                  "the features have only D = 32 channels");
}

TEST_CASE("search.fixed may name a parameter of another plugin", "[searching]") {
  const Outcome outcome = Searched("[relation]\nplugin = \"tip\"\n[search]\nfixed = [\"relation.gamma\"]\n").run();
  REQUIRE(succeeded(outcome)["chosen"].contains("relation.beta"));
}

TEST_CASE("a search without any range changes nothing, and says so", "[searching]") {
  const Outcome outcome = Searched("[relation]\nplugin = \"zero_shot\"\n[search]\n").run();
  REQUIRE(succeeded(outcome)["chosen"] == nlohmann::json{{"selector.q", 32}});
  REQUIRE_THAT(outcome.err, ContainsSubstring("nothing to search"));
}

TEST_CASE("a relation that gives logits only is searched, but not exactly, and is not saved", "[searching]") {
  const Searched search("plugin_path = [\"" + (bad_plugins_folder() / "good").string() +
                        "\"]\n[relation]\nplugin = \"logits_only\"\n[search]\n");
  const Outcome outcome = search.run();
  const auto json = succeeded(outcome);
  REQUIRE(line_count(run_file(json, "search.csv")) == 1 + 5);
  REQUIRE_THAT(outcome.err, ContainsSubstring("no model.safetensors is written"));
  require_refused(search.run({"search.relation.alpha=exact"}), "this relation has custom logits");
}

TEST_CASE("kernel_ridge searches its own parameters, and neither α, β nor γ", "[searching]") {
  const Searched search("[relation]\nplugin = \"kernel_ridge\"\n[search]\n");
  const auto json = succeeded(search.run());
  const auto summary = nlohmann::json::parse(run_file(json, "summary.json"));
  REQUIRE(summary.at("search").at("stages").at(0).at("points") == 3 * 3);
  REQUIRE(summary.at("search").at("stages").at(0).at("queries") == 20);
  REQUIRE(summary.at("parameters").at("values") == 20 * 5);
  for (const char* key : {"relation.sharpness", "relation.lambda"}) REQUIRE(json.at("chosen").contains(key));
  for (const char* key : {"relation.alpha", "relation.beta"}) REQUIRE_FALSE(json.at("chosen").contains(key));
  REQUIRE_THAT(run_file(json, "search.csv"),
               ContainsSubstring("stage,objective,relation.sharpness,relation.lambda,brier"));
}

TEST_CASE("every head is searched, trained and saved on ragged classes, after every relation", "[searching]") {
  const Searched search("[selector]\nplugin = \"mixed\"\nq = 20\n[search]\n");
  const trefoil::Support ragged = ragged_support();
  trefoil::formats::write_npy(search.folder() / "support.npy", ragged.images);
  trefoil::formats::write_npy(search.folder() / "support_labels.npy", ragged.labels);
  const std::vector<std::string> all = {"gda", "logistic", "residual", "text_residual", "tip_f"};
  const std::vector<std::pair<std::string, std::vector<std::string>>> combinations = {
      {"zero_shot", {"gda", "logistic", "residual", "text_residual"}},  // there are no keys for tip_f
      {"tip", all},
      {"ape", all},
      {"kernel_ridge", {"gda", "logistic"}}};  // the others refuse dense values
  for (const auto& [relation, heads] : combinations) {
    for (const std::string& head : heads) {
      CAPTURE(relation, head);
      const auto json = succeeded(search.run({"relation.plugin=" + relation, "head.plugin=" + head}));
      const std::string again = (search.folder() / "again.txt").string();
      const Outcome predicted = run_runner({"predict", "--model", run_directory(json).string(), "--features",
                                            (search.folder() / "query.npy").string(), "--out", again});
      CAPTURE(predicted.err);
      REQUIRE(predicted.exit_code == 0);
      REQUIRE(read(again) == run_file(json, "result.txt"));
      REQUIRE_THAT(json.at("warnings").dump(), ContainsSubstring("1 class has no images"));
      const auto collapse = nlohmann::json::parse(run_file(json, "summary.json")).at("collapse");
      REQUIRE(collapse.at("support").at("after").at("classes") == 4);
      REQUIRE(collapse.at("queries").at("before").at("images") == 60);
    }
  }
}

TEST_CASE("loo_selection selects the channels without the images that are left out", "[searching]") {
  const Searched search(kSearchGrid);
  const auto anew = succeeded(search.run());
  const auto once = succeeded(search.run({"search.loo_selection=false"}));
  REQUIRE(run_file(anew, "search.csv") != run_file(once, "search.csv"));
}

TEST_CASE("whitened is searched at four settings, each with one value away from the file's", "[searching]") {
  const Searched search("[head]\nplugin = \"whitened\"\n[relation]\nplugin = \"zero_shot\"\n[search]\n");
  const auto json = succeeded(search.run());
  std::vector<std::string> settings;
  std::istringstream table(run_file(json, "search.csv"));
  std::string line;
  std::getline(table, line);
  REQUIRE_THAT(line, ContainsSubstring("stage,objective,head.lambda,head.noise,brier,images,as_good_as_best,chosen"));
  while (std::getline(table, line)) settings.push_back(line.substr(0, line.find(',', line.find(',', 9) + 1)));
  REQUIRE(settings == std::vector<std::string>{"head,loo,0.3,1", "head,loo,0.1,1", "head,loo,1,1", "head,loo,0.3,0"});

  // The resolved configuration repeats the run.
  const auto config = (run_directory(json) / "config.toml").string();
  const Outcome again = run_runner({config, "--out", (search.folder() / "again").string(), "--json"});
  REQUIRE(run_file(succeeded(again), "search.csv") == run_file(json, "search.csv"));
}

TEST_CASE("a temperature changes the probabilities and no class", "[searching]") {
  const Searched search("[relation]\nplugin = \"tip\"\n[search]\n");
  const auto plain = succeeded(search.run());
  const auto scaled = succeeded(search.run({"search.temperature=true"}));
  REQUIRE(run_file(plain, "result.txt") == run_file(scaled, "result.txt"));
  const auto found = nlohmann::json::parse(run_file(scaled, "summary.json")).at("search").at("temperature");
  REQUIRE(found.at("queries") == 20);
  REQUIRE(found.at("nll").get<double>() <= found.at("nll_at_1").get<double>() + 1e-6);
  const double value = found.at("value").get<double>();
  REQUIRE(value != 1);
  REQUIRE(std::log(value) == Approx(std::log(found.at("best").get<double>()) / 6));  // 20 of 20 + 100
  REQUIRE(scaled.at("chosen") == plain.at("chosen"));
  REQUIRE(scaled.at("metrics").at("test.nll") != plain.at("metrics").at("test.nll"));
  REQUIRE_THAT(run_file(scaled, "report.html"), ContainsSubstring("temperature"));
}

TEST_CASE("a temperature needs no searched parameter", "[searching]") {
  const Searched search("[relation]\nplugin = \"zero_shot\"\n[search]\ntemperature = true\n");
  const auto json = succeeded(search.run());
  const auto summary = nlohmann::json::parse(run_file(json, "summary.json"));
  REQUIRE(summary.at("search").at("stages").empty());
  REQUIRE(summary.at("search").at("temperature").at("queries") == 20);
}

TEST_CASE("the search compares heads on the same held-out images, and chooses one", "[searching]") {
  const Searched search(
      "[relation]\nplugin = \"tip\"\n[search]\n\"head.plugin\" = [\"gda\", \"whitened\", \"residual\"]\n");
  const auto json = succeeded(search.run());
  const auto summary = nlohmann::json::parse(run_file(json, "summary.json"));
  const auto& heads = summary.at("search").at("heads");
  REQUIRE(heads.size() == 3);
  std::string chosen;
  for (const auto& head : heads) {
    REQUIRE(head.at("nll").get<double>() > 0);
    if (head.at("chosen").get<bool>()) chosen = head.at("head").get<std::string>();
  }
  REQUIRE(json.at("chosen").at("head.plugin") == chosen);
  REQUIRE_THAT(run_file(json, "log.txt"), ContainsSubstring("chose head " + chosen + " by −log p"));

  // A head of the section [head] with parameters of its own may be replaced.
  for (const char* head : {"gda", "residual"}) {
    const auto replaced = succeeded(search.run({std::string("head.plugin=") + head, "search.temperature=true"}));
    REQUIRE(replaced.at("chosen").contains("head.plugin"));
  }

  // The chosen head gives what it gives without the comparison.
  const Searched alone("[relation]\nplugin = \"tip\"\n[head]\nplugin = \"" + chosen + "\"\n[search]\n");
  REQUIRE(run_file(succeeded(alone.run()), "result.txt") == run_file(json, "result.txt"));
}

TEST_CASE("a list of heads that cannot be compared is refused at its place", "[searching]") {
  const auto searched = [](const std::string& head, const std::string& search) {
    return Searched(head + "[relation]\nplugin = \"tip\"\n[search]\n" + search).run();
  };
  const std::string list = "\"head.plugin\" = [\"gda\", \"whitened\"]\n";
  require_refused(searched("", "\"head.plugin\" = [\"gda\"]\n"), "must be a list of two or more heads");
  require_refused(searched("", "\"head.plugin\" = [\"gda\", \"whitend\"]\n"), "did you mean 'whitened'?");
  require_refused(searched("", "\"head.plugin\" = [\"gda\", \"gda\"]\n"), "lists 'gda' twice");
  require_refused(searched("[head]\nplugin = \"residual\"\n", list), "does not list the head of [head], 'residual'");
  require_refused(searched("[[head]]\nplugin = \"gda\"\n[[head]]\nplugin = \"whitened\"\n", list),
                  "compares single heads");
  require_refused(searched("[head]\nplugin = \"gda\"\n", list + "\"head.alpha\" = [0.1, 0.2]\n"),
                  "cannot have a range beside a list of heads");
  const auto without = succeeded(searched("[head]\nplugin = \"none\"\n", list));
  REQUIRE_FALSE(without.at("chosen").contains("head.plugin"));
}
