// Bad data: exit code 4, and one clear line that names the file.
#include <ATen/ops/ones.h>
#include <ATen/ops/zeros.h>

#include <limits>

#include "formats/npy_writer.h"
#include "support/catch.h"
#include "support/files.h"
#include "support/problem.h"
#include "support/process.h"

using namespace tests;
using trefoil::formats::write_npy;

namespace {

class Experiment {
 public:
  Experiment() : file_(write_small_experiment(folder_.path())) {}

  std::filesystem::path operator/(const char* name) const { return folder_ / name; }

  Outcome run(std::vector<std::string> more = {}) const {
    std::vector<std::string> arguments = {file_.string(), "--out", (folder_ / "runs").string()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_runner(arguments);
  }

  void refused(const std::string& file, const std::string& reason, const std::vector<std::string>& more = {}) const {
    const Outcome outcome = run(more);
    CAPTURE(outcome.err);
    REQUIRE(outcome.exit_code == 4);
    REQUIRE_THAT(outcome.err, ContainsSubstring("error: " + (folder_ / file).string()) && ContainsSubstring(reason));
  }

 private:
  TemporaryFolder folder_;
  std::filesystem::path file_;
};

// A row of the small problem's support set to `value`.
torch::Tensor support_with_row(std::int64_t row, double value) {
  torch::Tensor images = small_problem().support.images.to(torch::kFloat).clone();
  images[row].fill_(value);
  return images;
}

}  // namespace

TEST_CASE("damaged files", "[bad_data]") {
  const Experiment experiment;
  std::filesystem::resize_file(experiment / "query.npy", std::filesystem::file_size(experiment / "query.npy") - 1);
  experiment.refused("query.npy", "its header needs");
  std::filesystem::remove(experiment / "text.npy");
  experiment.refused("text.npy", "there is no such file");
}

TEST_CASE("rows that are no features", "[bad_data]") {
  const Experiment experiment;
  write_npy(experiment / "support.npy", support_with_row(7, 0));
  experiment.refused("support.npy", "row 7 is all zeros");
  write_npy(experiment / "support.npy", support_with_row(8, std::numeric_limits<double>::infinity()));
  experiment.refused("support.npy", "row 8 has a NaN or an infinity");
}

TEST_CASE("a bad query is named by its row, wherever it stands", "[bad_data]") {
  const Experiment experiment;
  torch::Tensor query = torch::ones({3000, 32});
  query[2345].zero_();
  write_npy(experiment / "query.npy", query);
  experiment.refused("query.npy", "row 2345 is all zeros", {"--set", "data.query_labels="});
  // It is found before the model is made.
  REQUIRE_THAT(experiment.run({"--set", "data.query_labels="}).err, !ContainsSubstring("model:"));
}

TEST_CASE("types that do not fit", "[bad_data]") {
  const Experiment experiment;
  write_npy(experiment / "support.npy", torch::ones({20, 32}, torch::kLong));
  experiment.refused("support.npy", "features must be floating-point numbers; its type is Long");
  write_npy(experiment / "support.npy", torch::ones({20}));
  experiment.refused("support.npy", "features must have the shape [rows, D]; its shape is [20]");
}

TEST_CASE("labels that do not fit", "[bad_data]") {
  const Experiment experiment;
  write_npy(experiment / "query_labels.npy", torch::zeros({60}, torch::kLong) + 5);
  experiment.refused("query_labels.npy", "row 0 has the label 5, but the classes are 0 to 4");
  write_npy(experiment / "query_labels.npy", torch::zeros({59}, torch::kLong));
  experiment.refused("query_labels.npy", "it has 59 labels for 60 rows");
  write_npy(experiment / "support_labels.npy", torch::zeros({20}) + 0.5);
  experiment.refused("support_labels.npy", "row 0 has a label that is not a whole number");
}

TEST_CASE("widths that disagree", "[bad_data]") {
  const Experiment experiment;
  write_npy(experiment / "query.npy", torch::ones({60, 31}));
  experiment.refused("query.npy", "D = 31, but the text features have D = 32");
}

TEST_CASE("class names that do not fit", "[bad_data]") {
  const Experiment experiment;
  trefoil::base::write_atomically(experiment / "names.txt", "a\nb\n");
  experiment.refused("names.txt", "it names 2 classes, but there are 5 classes",
                     {"--set", "data.class_names=names.txt"});
}

TEST_CASE("class names that are no text, and a test set of nothing", "[bad_data]") {
  const Experiment experiment;
  trefoil::base::write_atomically(experiment / "names.txt", "a\nb\nna\xEFve\nd\ne\n");
  experiment.refused("names.txt", ":3: it is not UTF-8", {"--set", "data.class_names=names.txt"});
  write_npy(experiment / "query.npy", torch::zeros({0, 32}));
  experiment.refused("query.npy", "no queries to classify", {"--set", "data.query_labels="});
}

TEST_CASE("a class without text is an error until the user says what it means", "[bad_data]") {
  const Experiment experiment;
  torch::Tensor text = small_problem().support.text.to(torch::kFloat).clone();
  text[3].zero_();
  write_npy(experiment / "text.npy", text);
  experiment.refused("text.npy", "row 3 is all zeros");
  const Outcome outcome = experiment.run({"--set", "data.missing_text=class_mean"});
  REQUIRE(outcome.exit_code == 0);
  REQUIRE_THAT(outcome.err, ContainsSubstring("1 of 5 classes has no text feature"));
}

TEST_CASE("a Tip-Adapter cache that is not one", "[bad_data]") {
  const Experiment experiment;
  trefoil::base::write_atomically(experiment / "keys_4shots.pt", "PK\x03\x04 nonsense");
  experiment.refused(
      "keys_4shots.pt", "cut short, damaged, or not a zip file",
      {"--set", "data.layout=tip_cache", "--set", "data.shots=4", "--set", "data.root=" + (experiment / "").string()});
}
