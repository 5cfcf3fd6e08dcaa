// The jobs that [sweep.…] and [[ablation]] stand for.
#include "config/sweep_section.h"

#include "config/toml.h"
#include "support/catch.h"
#include "support/files.h"

using namespace tests;
using namespace trefoil::config;

namespace {

std::vector<Job> jobs_of(const std::string& toml) {
  const TemporaryFolder folder;
  return read_jobs(load_experiment_file(folder.write("sweep.toml", toml), {}));
}

// "variant: key=value key=value", a line a job.
std::vector<std::string> listed(const std::string& toml) {
  std::vector<std::string> lines;
  for (const Job& job : jobs_of(toml)) {
    std::string line = job.variant + ":";
    for (const JobSetting& setting : job.settings) line += " " + setting.key + "=" + toml_text(setting.value);
    lines.push_back(line);
  }
  return lines;
}

using Lines = std::vector<std::string>;

void refused(const std::string& toml, const std::string& words) {
  std::string message;
  try {
    jobs_of(toml);
  } catch (const ConfigError& error) {
    message = error.what();
  }
  CAPTURE(toml);
  REQUIRE_THAT(message, ContainsSubstring(words));
}

}  // namespace

TEST_CASE("a file without a sweep is one job that changes nothing", "[config]") {
  REQUIRE(listed("seed = 1\n") == Lines{":"});
}

TEST_CASE("a grid is every combination, its first line changing slowest", "[config]") {
  REQUIRE(listed("[sweep.grid]\n\"selector.q\" = [128, 256]\nseed = [1, 2]\n") ==
          Lines{": selector.q=128 seed=1", ": selector.q=128 seed=2", ": selector.q=256 seed=1",
                ": selector.q=256 seed=2"});
  REQUIRE(
      listed("[sweep.grid]\nselector.q = [1]\nrelation.beta = { from = 1, to = 2, count = 3 }\n") ==
      Lines{": selector.q=1 relation.beta=1", ": selector.q=1 relation.beta=1.5", ": selector.q=1 relation.beta=2"});
  REQUIRE(listed("[sweep.grid]\n\"relation.plugin\" = [\"tip\", \"ape\"]\nhead = [{ plugin = \"gda\", alpha = 0.1 }]\n")
              .back() == ": relation.plugin=\"ape\" head={ plugin = \"gda\", alpha = 0.1 }");
}

TEST_CASE("lists of a zip go together, and what is excluded is left out", "[config]") {
  REQUIRE(listed("[sweep.grid]\nseed = [1, 2]\n[[sweep.zip]]\n\"data.shots\" = [4, 16]\n\"selector.q\" = [400, 450]\n"
                 "[[sweep.exclude]]\nseed = 2\n\"data.shots\" = 16\n") ==
          Lines{": seed=1 data.shots=4 selector.q=400", ": seed=1 data.shots=16 selector.q=450",
                ": seed=2 data.shots=4 selector.q=400"});
}

TEST_CASE("an exclusion that leaves nothing out is a mistake, unless values are drawn", "[config]") {
  const std::string exclude = "[[sweep.exclude]]\nseed = 3\n";
  refused("[sweep.grid]\nseed = [1, 2]\n" + exclude, "sweep.toml:3:1: error: this [[sweep.exclude]] excludes no job");
  refused("[sweep.grid]\nseed = [1, 2]\n[[sweep.exclude]]\nsede = 2\n", "did you mean 'seed'?");
  REQUIRE(
      jobs_of("[sweep.random]\ncount = 2\nseed = 1\n\"data.shots\" = [4, 16]\n[sweep.grid]\nseed = [1, 2]\n" + exclude)
          .size() == 4);
}

TEST_CASE("an axis that is made shorter from elsewhere may miss what is excluded", "[config]") {
  const TemporaryFolder folder;
  const std::filesystem::path file =
      folder.write("sweep.toml", "[sweep.grid]\nseed = [1, 2]\n[[sweep.exclude]]\nseed = 2\n");
  REQUIRE(read_jobs(load_experiment_file(file, {"sweep.grid.seed=[1]"})).size() == 1);
  const std::filesystem::path shorter = folder.write("one.toml", "extends = \"sweep.toml\"\nsweep.grid.seed = [1]\n");
  REQUIRE(read_jobs(load_experiment_file(shorter, {})).size() == 1);
}

TEST_CASE("random draws are those of the seed, within their ranges", "[config]") {
  const std::string toml =
      "[sweep.random]\ncount = 200\nseed = 7\n\"head.lr\" = { from = 1e-5, to = 1e-3, scale = \"log\" }\n"
      "\"selector.q\" = { from = 3, to = 5, scale = \"int\" }\n\"relation.alpha\" = { from = 1, to = 2 }\n"
      "\"relation.plugin\" = [\"tip\", \"ape\"]\n";
  const std::vector<Job> jobs = jobs_of(toml);
  REQUIRE(jobs.size() == 200);
  std::map<std::int64_t, int> q;
  int low = 0;
  for (const Job& job : jobs) {
    const double lr = std::get<double>(job.settings[0].value.data);
    const double alpha = std::get<double>(job.settings[2].value.data);
    REQUIRE((lr >= 1e-5 && lr <= 1e-3));
    REQUIRE((alpha >= 1 && alpha <= 2));
    low += lr < 1e-4 ? 1 : 0;
    ++q[std::get<std::int64_t>(job.settings[1].value.data)];
  }
  REQUIRE((low > 70 && low < 130));
  REQUIRE(q.size() == 3);
  REQUIRE(q.count(3) + q.count(5) == 2);
  REQUIRE(listed(toml) == listed(toml));
}

TEST_CASE("ablations are single changes beside the file as it is, in every combination of the axes", "[config]") {
  REQUIRE(listed("[sweep.grid]\nseed = [1, 2]\n[[ablation]]\nname = \"no gamma\"\nset.\"relation.gamma\" = 0\n"
                 "[[ablation]]\nname = \"no head\"\nset.head.plugin = \"none\"\n") ==
          Lines{"base: seed=1", "base: seed=2", "no gamma: relation.gamma=0 seed=1",
                "no gamma: relation.gamma=0 seed=2", "no head: head.plugin=\"none\" seed=1",
                "no head: head.plugin=\"none\" seed=2"});
}

TEST_CASE("a job's settings are laid over the file, and what they set is not searched", "[config]") {
  const TemporaryFolder folder;
  const ExperimentFile file = load_experiment_file(
      folder.write("sweep.toml",
                   "seed = 1\n[selector]\nplugin = \"mixed\"\nq = 3\nlambda = 0.2\n[search]\nmetric = \"nll\"\n"
                   "[sweep.grid]\n\"selector\" = [{ plugin = \"variance\", q = 5 }]\n\"relation.beta\" = [2]\n"),
      {});
  const ExperimentFile changed = with_job(file, read_jobs(file).front());
  REQUIRE_FALSE(has_sweep(changed.table));
  REQUIRE(has_sweep(file.table));
  const Table& selector = *changed.table.find("selector")->table();
  REQUIRE(*selector.find("plugin")->text() == "variance");
  REQUIRE(selector.find("lambda") == nullptr);  // it belonged to the other plugin
  REQUIRE(toml_text(*changed.table.find("search")->table()->find("fixed")) == "[\"selector.q\", \"relation.beta\"]");
}

TEST_CASE("what is wrong with a sweep is said before anything runs", "[config]") {
  refused("[sweep.grid]\nseed = []\n", "got an empty list");
  refused("[sweep.grid]\nseed = 3\n",
          "'seed' must be a list of values, or a range { from, to, count }; got an integer");
  refused("[sweep.grid]\n\"relation.beta\" = { from = 1, to = 2 }\n", "needs 'count', the number of values");
  refused("[sweep.gird]\nseed = [1]\n", "did you mean 'grid'?");
  refused("[sweep]\ngrid = 3\n", "'sweep.grid' must be a section");
  refused("[[sweep.zip]]\nseed = [1, 2]\n\"selector.q\" = [1]\n", "'selector.q' has 1 value, but 'seed' has 2");
  refused("[sweep.grid]\nseed = [1]\n[[sweep.zip]]\nseed = [1]\n", "'seed' is swept twice");
  refused("[sweep.grid]\n\"selector.q\" = [1]\nselector.q = [2]\n", "'selector.q' is set twice");
  refused("[[ablation]]\nname = \"a\"\nset.\"selector.q\" = 1\nset.selector.q = 2\n", "'selector.q' is set twice");
  refused("[[sweep.zip]]\n", "this [[sweep.zip]] has no lists");
  refused("[sweep.random]\ncount = 2\n\"selector.q\" = { from = 0.5, to = 2.5, scale = \"int\" }\n", "whole numbers");
  refused("[sweep.grid]\nseed = [1]\n[[sweep.exclude]]\nsede = 1\n",
          "'sede' is in [[sweep.exclude]], but it is not swept");
  refused("[sweep.grid]\nseed = [1]\n[[sweep.exclude]]\nseed = 1\n", "excludes all jobs");
  refused("[sweep.random]\ncount = 2\n", "has no key to draw");
  refused("[sweep.random]\n\"head.lr\" = { from = 1, to = 2 }\n", "count");
  refused("[sweep.random]\ncount = 2\n\"head.lr\" = { from = 0, to = 2, scale = \"log\" }\n", "cannot be logarithmic");
  refused("[[ablation]]\nname = \"a\"\n", "must have the keys 'name' and 'set'");
  refused("[[ablation]]\nname = \"a\"\nset.seed = 1\n[[ablation]]\nname = \"a\"\nset.seed = 2\n",
          "two [[ablation]] with the name 'a'");
  refused("[sweep.grid]\nseed = [1]\n[[ablation]]\nname = \"a\"\nset.seed = 1\n", "this [[ablation]] sets it too");
}

namespace {

const char* const kTwoAxes =
    "[sweep.grid]\nseed = [1, 2]\n"
    "[[sweep.axis.method]]\nname = \"zero-shot\"\nset.relation.plugin = \"zero_shot\"\n"
    "[[sweep.axis.method]]\nname = \"Tip\"\nset.relation = { plugin = \"tip\", alpha = 2 }\n";

std::string names_of(const Job& job) {
  std::string names;
  for (const NamedChoice& choice : job.names) names += choice.axis + "=" + choice.name + " ";
  return names;
}

}  // namespace

TEST_CASE("a named axis gives names to sets of changes", "[config]") {
  const std::vector<Job> jobs = jobs_of(kTwoAxes);
  REQUIRE(jobs.size() == 4);
  REQUIRE(names_of(jobs[0]) == "method=zero-shot ");
  REQUIRE(names_of(jobs[3]) == "method=Tip ");
  REQUIRE(jobs[3].changes.size() == 2);
  REQUIRE(jobs[3].settings.size() == 1);

  const TemporaryFolder folder;
  const ExperimentFile file = load_experiment_file(
      folder.write("sweep.toml",
                   std::string("[relation]\nplugin = \"ape\"\nbeta = 3\n[search]\n[report]\n") + kTwoAxes),
      {});
  const ExperimentFile tip = with_job(file, read_jobs(file)[3]);
  REQUIRE(toml_text(*tip.table.find("relation")->table()->find("alpha")) == "2");
  REQUIRE(tip.table.find("relation")->table()->find("beta") == nullptr);  // it belonged to the other plugin
  REQUIRE(tip.table.find("report") == nullptr);
  REQUIRE(toml_text(*tip.table.find("search")->table()->find("fixed")) == "[\"relation.alpha\"]");
}

TEST_CASE("a named axis takes experiments from files, below all other changes", "[config]") {
  const TemporaryFolder folder;
  folder.write("pets.toml", "name = \"pets\"\n[data]\nlayout = \"folder\"\nroot = \"pets\"\nshots = 16\n");
  const ExperimentFile file = load_experiment_file(
      folder.write("sweep.toml",
                   "name = \"all\"\n[sweep.grid]\n\"data.shots\" = [1, 2]\n[[sweep.axis.dataset]]\n"
                   "name = \"Pets\"\nfile = \"pets.toml\"\noptional = true\n"),
      {});
  const std::vector<Job> jobs = read_jobs(file);
  REQUIRE(jobs.size() == 2);
  REQUIRE(jobs[0].optional);
  const ExperimentFile first = with_job(file, jobs[0]);
  REQUIRE(*first.table.find("name")->text() == "all");
  REQUIRE(toml_text(*first.table.find("data")->table()->find("shots")) == "1");
  REQUIRE(*first.table.find("data")->table()->find("root")->text() == "pets");
  REQUIRE(first.table.find("data")->table()->find("root")->origin.file == folder / "pets.toml");
}

TEST_CASE("combinations of named axes can be excluded", "[config]") {
  const std::string toml = std::string(kTwoAxes) + "[[sweep.exclude]]\nmethod = \"Tip\"\nseed = 2\n";
  REQUIRE(jobs_of(toml).size() == 3);
  refused(std::string(kTwoAxes) + "[[sweep.exclude]]\nmethod = \"Tap\"\n", "excludes no job");
}

TEST_CASE("what is wrong with a named axis is said before anything runs", "[config]") {
  refused("[[sweep.axis.method]]\nset.seed = 1\n", "this [[sweep.axis.method]] has no 'name'");
  refused("[[sweep.axis.method]]\nname = \"a\"\nsets.seed = 1\n", "did you mean 'set'?");
  refused("[[sweep.axis.method]]\nname = \"a\"\nset = 1\n", "'set' must be a table");
  refused("[[sweep.axis.method]]\nname = \"a\"\noptional = 1\n", "'optional' must be true or false");
  refused("[[sweep.axis.method]]\nname = \"a\"\nfile = \"none.toml\"\n", "there is no file");
  refused("[[sweep.axis.method]]\nname = \"a\"\n[[sweep.axis.method]]\nname = \"a\"\n",
          "two [[sweep.axis.method]] with the name 'a'");
  refused("[sweep.axis]\nmethod = []\n", "'sweep.axis.method' is empty");
  refused("[sweep.axis.method]\nname = \"a\"\n", "write [[sweep.axis.method]]");
  refused("[[sweep.axis.method]]\nname = \"a\\u001b[31m\"\nset.seed = 1\n", "'name' has a control character");
  refused("[[ablation]]\nname = \"a\\nb\"\nset.seed = 1\n", "'name' has a control character");
  refused("[[sweep.axis.\"a\\u009b\"]]\nname = \"a\"\nset.seed = 1\n", "an axis cannot have the name");
  refused("[[sweep.axis.seed]]\nname = \"a\"\n", "an axis cannot have the name 'seed'");
  refused("[sweep.grid]\nseed = [1]\n[[sweep.axis.method]]\nname = \"a\"\nset.seed = 2\n",
          "'seed' is swept, but this [[sweep.axis.method]] sets it too");
  const TemporaryFolder folder;
  const auto inner = folder.write("inner.toml", "[sweep.grid]\nseed = [1]\n");
  refused("[[sweep.axis.method]]\nname = \"a\"\nfile = \"" + inner.string() + "\"\n", "this file is a sweep");
}
