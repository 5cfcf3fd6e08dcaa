// A run from file to submission.
#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/ones.h>

#include <set>
#include <sstream>
#include <tuple>

#include "formats/npy_writer.h"
#include "support/catch.h"
#include "support/files.h"
#include "support/plugins.h"
#include "support/problem.h"
#include "support/process.h"
#include "trefoil/channels.h"

using namespace tests;

namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

// result.txt as the library computes it for the small problem.
std::string expected_result(const trefoil::Classifier& classifier, const torch::Tensor& queries) {
  const torch::Tensor order = classifier.logits(queries).argsort(/*stable=*/true, 1, true);
  std::string text;
  for (std::int64_t n = 0; n < order.size(0); ++n) {
    text += std::to_string(n);
    for (std::int64_t place = 0; place < 5; ++place) text += " " + std::to_string(order[n][place].item<std::int64_t>());
    text += "\n";
  }
  return text;
}

}  // namespace

TEST_CASE("files and folders have the rights that the user's umask gives them", "[run]") {
  using std::filesystem::perms;
  constexpr perms kRights = perms::owner_all | perms::group_all | perms::others_all;
  for (const auto& [umask, of_files, of_folders] :
       {std::tuple("002", perms{0664}, perms{0775}), {"077", perms{0600}, perms{0700}}}) {
    const TemporaryFolder folder;
    write_small_experiment(folder.path());
    const auto sweep = folder.write("sweep.toml", "extends = \"experiment.toml\"\n[sweep.grid]\nseed = [1, 2]\n");
    const std::filesystem::path runs = folder / "runs";
    succeeded(run_shell(std::string("umask ") + umask + " && " + shell_word(runner_program()) + " " +
                        shell_word(sweep.string()) + " --json --out " + shell_word(runs.string())));
    for (const auto& entry : std::filesystem::recursive_directory_iterator(runs)) {
      CAPTURE(umask, entry.path().string());
      REQUIRE((entry.status().permissions() & kRights) == (entry.is_directory() ? of_folders : of_files));
    }
  }
}

TEST_CASE("a run writes its submission, its numbers and where they come from", "[run]") {
  const TemporaryFolder folder;
  const auto file = write_small_experiment(folder.path()).string();
  const Outcome outcome = run_runner({file, "--out", (folder / "runs").string(), "--json", "--set",
                                      "selector.plugin=mixed", "--set", "selector.q=20"});
  REQUIRE(outcome.exit_code == 0);
  const auto json = outcome.json();
  const std::filesystem::path run_dir = run_directory(json);
  REQUIRE(json.at("submission") == (run_dir / "result.txt").string());
  REQUIRE(json.at("chosen") ==
          nlohmann::json{{"selector.q", 20}, {"relation.alpha", 4.0}, {"relation.beta", 4.0}, {"relation.gamma", 0.1}});
  REQUIRE(json.at("parameters").at("total") == 5 * 32 + 20 * 20 + 20);
  REQUIRE(json.at("seconds").contains("total"));

  const SmallProblem problem = small_problem();
  const trefoil::Support support = to(problem.support, torch::kFloat);
  const trefoil::Classifier classifier = relate("ape", support, trefoil::keep_best(score("mixed", support), 20));
  const torch::Tensor queries = trefoil::unit_rows(problem.test.to(torch::kHalf).to(torch::kFloat));
  REQUIRE(read(run_dir / "result.txt") == expected_result(classifier, queries));
  const double top1 =
      100 * (classifier.logits(queries).argmax(1) == problem.test_labels).to(torch::kDouble).mean().item<double>();
  REQUIRE(json.at("metrics").at("test.top1").get<double>() == Approx(top1));
  REQUIRE(json.at("metrics").at("test.top5") == 100.0);
  const torch::Tensor loss = torch::cross_entropy_loss(classifier.logits(queries), problem.test_labels);
  REQUIRE(json.at("metrics").at("test.nll").get<double>() == Approx(loss.item<double>()).epsilon(1e-5));
  REQUIRE(json.at("metrics").at("test.ece").get<double>() > 0);
  REQUIRE_THAT(read(run_dir / "metrics.jsonl"), ContainsSubstring("\"test.nll\":"));
  REQUIRE_THAT(read(run_dir / "report.html"), ContainsSubstring("Calibration") && ContainsSubstring("−log p"));

  for (const char* name : {"config.toml", "provenance.json", "status.json", "metrics.jsonl", "summary.json",
                           "predictions.csv", "confusion.csv", "report.html", "log.txt"}) {
    REQUIRE(std::filesystem::file_size(run_dir / name) > 0);
  }
  REQUIRE(std::filesystem::equivalent(folder / "runs/small/latest", run_dir));
  const auto summary = nlohmann::json::parse(read(run_dir / "summary.json"));
  REQUIRE(summary.at("channels").at("kept").size() == 20);
  REQUIRE(summary.at("divergence").at("mean").get<double>() == Approx(classifier.divergence.mean().item<double>()));
  REQUIRE(summary.at("divergence").at("gain").get<double>() ==
          Approx((classifier.divergence * 0.1).exp().mean().item<double>()));
  REQUIRE(nlohmann::json::parse(read(run_dir / "status.json")).at("state") == "done");
  const auto provenance = nlohmann::json::parse(read(run_dir / "provenance.json"));
  REQUIRE(provenance.at("data").size() == 5);
  REQUIRE(provenance.at("plugins").at(0).at("sha256").get<std::string>().size() == 64);
  REQUIRE(lines_of(read(run_dir / "predictions.csv")).size() == 61);
  REQUIRE_THAT(outcome.err, ContainsSubstring("keeps 20 of 32 channels") && ContainsSubstring("multiplies α by"));
}

TEST_CASE("the resolved file of a run gives the same run, in a second directory", "[run]") {
  const TemporaryFolder folder;
  const std::string runs = (folder / "runs").string();
  const std::string file = write_small_experiment(folder.path()).string();
  const auto first = run_runner({file, "--out", runs, "--json"}).json();
  const std::string config = (run_directory(first) / "config.toml").string();
  const auto second = run_runner({config, "--out", runs, "--json"}).json();
  REQUIRE(first.at("run_dir") != second.at("run_dir"));
  REQUIRE(read(first.at("submission").get<std::string>()) == read(second.at("submission").get<std::string>()));
  REQUIRE(read(config) == run_file(second, "config.toml"));
}

TEST_CASE("threads do not change a byte", "[run]") {
  const TemporaryFolder folder;
  write_small_experiment(folder.path());
  const torch::Tensor queries = normal_numbers({5000, 32}, 11).to(torch::kFloat);
  trefoil::formats::write_npy(folder / "query.npy", queries);
  const auto result = [&](const char* threads, const char* file) {
    const auto json = run_runner({(folder / "experiment.toml").string(), "--out", (folder / "runs").string(), "--json",
                                  "--threads", threads, "--set", "data.query_labels=", "--set",
                                  "selector.plugin=random", "--set", "selector.q=16"})
                          .json();
    REQUIRE(json.at("metrics").empty());
    return run_file(json, file);
  };
  REQUIRE(result("1", "result.txt") == result("2", "result.txt"));
  REQUIRE(result("1", "predictions.csv") == result("3", "predictions.csv"));
}

TEST_CASE("shots, zero-shot classes and few classes", "[run]") {
  const TemporaryFolder folder;
  write_small_experiment(folder.path());
  const trefoil::Support ragged = ragged_support();
  trefoil::formats::write_npy(folder / "support.npy", ragged.images);
  trefoil::formats::write_npy(folder / "support_labels.npy", ragged.labels);
  for (const char* relation : {"zero_shot", "tip", "ape"}) {
    const Outcome outcome = run_runner({(folder / "experiment.toml").string(), "--out", (folder / "runs").string(),
                                        "--set", std::string("relation.plugin=") + relation, "--set", "data.shots=2"});
    CAPTURE(relation, outcome.err);
    REQUIRE(outcome.exit_code == 0);
    REQUIRE_THAT(outcome.err, ContainsSubstring("7 support images (0 to 2 per class)"));
  }
}

TEST_CASE("each seed draws its own shots, whatever the number of threads", "[run]") {
  const TemporaryFolder folder;
  const std::string file = write_small_experiment(folder.path()).string();
  const auto predictions = [&](const std::string& choose, const std::string& seed, const std::string& threads) {
    const auto json =
        succeeded(run_runner({file, "--out", (folder / "runs").string(), "--json", "--threads", threads, "--set",
                              "data.choose=" + choose, "--set", "data.shots=2", "--set", "seed=" + seed}));
    return run_file(json, "predictions.csv");
  };
  std::set<std::string> of_seeds;
  for (const char* seed : {"1", "2", "3"}) of_seeds.insert(predictions("random", seed, "1"));
  REQUIRE(of_seeds.size() == 3);
  REQUIRE(of_seeds.count(predictions("random", "2", "3")) == 1);
  REQUIRE(predictions("first", "1", "1") == predictions("first", "2", "1"));
}

TEST_CASE("tip says that it compares other channels than the selected ones", "[run]") {
  const TemporaryFolder folder;
  const Outcome outcome =
      run_runner({write_small_experiment(folder.path()).string(), "--out", (folder / "runs").string(), "--set",
                  "relation.plugin=tip", "--set", "selector.plugin=variance", "--set", "selector.q=8"});
  REQUIRE(outcome.exit_code == 0);
  REQUIRE_THAT(outcome.err, ContainsSubstring("compares images in 32 channels, not in the 8 selected ones"));
}

TEST_CASE("an interrupted run stops with 130 and says so in its directory", "[run]") {
  const TemporaryFolder folder;
  write_small_experiment(folder.path());
  trefoil::formats::write_npy(folder / "query.npy", torch::ones({4000000, 32}, torch::kHalf));
  const std::string runs = (folder / "runs").string();
  const std::string command =
      shell_word(runner_program()) + " " + shell_word((folder / "experiment.toml").string()) + " --out " +
      shell_word(runs) + " --set data.query_labels= & pid=$!; for i in $(seq 600); do ls " + shell_word(runs) +
      "/small/*/result.txt.partial-* > /dev/null 2>&1 && break; sleep 0.05; done; kill -TERM $pid; wait $pid";
  const Outcome outcome = run_shell(command);
  CAPTURE(outcome.err);
  REQUIRE(outcome.exit_code == 130);
  for (const auto& run : std::filesystem::directory_iterator(folder / "runs/small")) {
    REQUIRE(nlohmann::json::parse(read(run.path() / "status.json")).at("state") == "interrupted");
    REQUIRE_FALSE(std::filesystem::exists(run.path() / "result.txt"));
  }
}

TEST_CASE("a closed terminal interrupts a run, unless the signal is ignored", "[run]") {
  const TemporaryFolder folder;
  write_small_experiment(folder.path());
  trefoil::formats::write_npy(folder / "query.npy", torch::ones({1000000, 32}, torch::kHalf));
  const auto hang_up = [&](const std::string& name, const std::string& before) {
    const std::string runs = shell_word((folder / name).string());
    return run_shell(before + shell_word(runner_program()) + " " + shell_word((folder / "experiment.toml").string()) +
                     " --out " + runs + " --set data.query_labels= & pid=$!; for i in $(seq 600); do ls " + runs +
                     "/small/*/result.txt.partial-* > /dev/null 2>&1 && break; sleep 0.02; done; kill -HUP $pid; "
                     "wait $pid");
  };
  REQUIRE(hang_up("caught", "").exit_code == 130);
  for (const auto& run : std::filesystem::directory_iterator(folder / "caught/small")) {
    REQUIRE(nlohmann::json::parse(read(run.path() / "status.json")).at("state") == "interrupted");
  }
  REQUIRE(hang_up("ignored", "trap '' HUP; ").exit_code == 0);
}

TEST_CASE("closed standard streams do not become data files", "[run]") {
  const TemporaryFolder folder;
  const auto file = write_small_experiment(folder.path());
  const std::string runs = (folder / "runs").string();
  REQUIRE(run_shell(shell_word(runner_program()) + " " + shell_word(file.string()) + " --out " + shell_word(runs) +
                    " 0<&- 1>&- 2>&-")
              .exit_code == 0);
  const std::string log = read(folder / "runs/small/latest/log.txt");
  std::istringstream lines(log);
  for (std::string line; std::getline(lines, line);) REQUIRE(line.substr(0, 2) == "20");  // begins with its time
  REQUIRE_FALSE(log.empty());
}

TEST_CASE("a run on a full disk is recorded as failed", "[run]") {
  const TemporaryFolder folder;
  const auto file = write_small_experiment(folder.path());
  const std::string disk = shell_word((folder / "disk").string());
  std::filesystem::create_directory(folder / "disk");
  // A file system of its own, in a namespace in which this user may mount one.
  const Outcome outcome =
      run_shell("unshare --user --map-root-user --mount sh -c " +
                shell_word("mount -t tmpfs -o size=24k tmpfs " + disk + " || exit 77; " + shell_word(runner_program()) +
                           " " + shell_word(file.string()) + " --out " + disk + "/runs; code=$?; cat " + disk +
                           "/runs/small/2*/status.json; exit $code"));
  CAPTURE(outcome.out, outcome.err);
  if (outcome.exit_code == 77 || outcome.err.find("unshare:") != std::string::npos) {
    WARN("not tested: this user may not mount a file system");
    return;
  }
  REQUIRE(outcome.exit_code == 1);
  REQUIRE_THAT(outcome.err, ContainsSubstring("No space left on device"));
  const auto status = nlohmann::json::parse(outcome.out);
  REQUIRE(status.at("state") == "failed");
  REQUIRE_THAT(status.at("error").get<std::string>(), ContainsSubstring("No space left on device"));
}

TEST_CASE("runs started at once get directories of their own", "[run]") {
  const TemporaryFolder folder;
  const std::string call = shell_word(runner_program()) + " " +
                           shell_word(write_small_experiment(folder.path()).string()) + " --out " +
                           shell_word((folder / "runs").string());
  REQUIRE(run_shell(call + " & first=$!; " + call + " && wait $first").exit_code == 0);
  std::size_t directories = 0;
  for (const auto& run : std::filesystem::directory_iterator(folder / "runs/small"))
    directories += run.is_symlink() ? 0 : 1;
  REQUIRE(directories == 2);
}

#if defined(__x86_64__)
TEST_CASE("OpenBLAS runs code for this processor, unless the user chooses other code", "[run]") {
  const TemporaryFolder folder;
  const auto file = write_small_experiment(folder.path()).string();
  const auto blas = [&](const std::vector<std::string>& environment) {
    const auto json = succeeded(run_runner({file, "--out", (folder / "runs").string(), "--json"}, environment));
    return nlohmann::json::parse(run_file(json, "provenance.json")).at("blas").get<std::string>();
  };
  const std::string chosen = blas({});
  if (chosen.empty()) return;  // LibTorch has another BLAS
  CAPTURE(chosen);
  if (__builtin_cpu_supports("avx2")) REQUIRE_THAT(chosen, !ContainsSubstring("Prescott"));
  REQUIRE(blas({"OPENBLAS_CORETYPE=Prescott"}) == "OpenBLAS Prescott");
  REQUIRE(blas({}) == chosen);
}
#endif
