#include <algorithm>

#include "config/resolve.h"
#include "support/catch.h"
#include "support/files.h"
#include "support/plugins.h"
#include "support/problem.h"

using namespace tests;
using namespace trefoil::config;

namespace {

Experiment resolved(const std::filesystem::path& file, const std::vector<std::string>& overrides = {}) {
  return resolve(load_experiment_file(file, overrides), registry());
}

std::string problems(const std::filesystem::path& file, const std::vector<std::string>& overrides = {}) {
  try {
    resolved(file, overrides);
    return "";
  } catch (const trefoil::Error& error) {
    return error.what();
  }
}

}  // namespace

TEST_CASE("an experiment is resolved with every default", "[config]") {
  const TemporaryFolder folder;
  const Experiment experiment = resolved(write_small_experiment(folder.path()));
  REQUIRE(experiment.name == "small");
  REQUIRE(experiment.seed == 1);
  REQUIRE(experiment.plugin(trefoil::PluginKind::selector) == nullptr);
  REQUIRE(experiment.plugin(trefoil::PluginKind::head) == nullptr);
  REQUIRE(experiment.plugin(trefoil::PluginKind::relation)->parameters.real("beta") == 4.0);
}

TEST_CASE("the resolved file gives the same experiment, wherever it lies", "[config]") {
  const TemporaryFolder folder;
  const Experiment first =
      resolved(write_small_experiment(folder.path()), {"selector.plugin=mixed", "selector.q=7", "relation.beta=0.1"});
  std::filesystem::create_directories(folder / "elsewhere");
  const Experiment second = resolved(folder.write("elsewhere/config.toml", to_toml(first)));
  REQUIRE(to_toml(second) == to_toml(first));
  REQUIRE(second.plugin(trefoil::PluginKind::selector)->parameters.integer("q") == 7);
}

TEST_CASE("q stays when another selector is named, and the selector's own keys go", "[config]") {
  const TemporaryFolder folder;
  const auto file = write_small_experiment(folder.path());
  const std::filesystem::path parent =
      folder.write("parent.toml", "extends = \"" + file.filename().string() +
                                      "\"\n[selector]\nplugin = \"mixed\"\nq = 7\nlambda = 0.3\n");
  const Experiment changed = resolved(parent, {"selector.plugin=variance"});
  const trefoil::Parameters& parameters = changed.plugin(trefoil::PluginKind::selector)->parameters;
  REQUIRE(parameters.integer("q") == 7);
  REQUIRE(parameters.values().count("lambda") == 0);
}

TEST_CASE("plugin = none leaves a selector or a head out, whatever the parent has", "[config]") {
  const TemporaryFolder folder;
  const auto file = write_small_experiment(folder.path());
  const std::filesystem::path parent =
      folder.write("parent.toml", "extends = \"" + file.filename().string() +
                                      "\"\n[selector]\nplugin = \"mixed\"\nq = 7\n[head]\nplugin = \"gda\"\n");
  REQUIRE(resolved(parent).plugin(trefoil::PluginKind::head) != nullptr);
  for (const char* word : {"none", "all"}) {
    const Experiment without = resolved(parent, {std::string("selector.plugin=") + word, "head.plugin=none"});
    REQUIRE(without.plugins.size() == 1);  // the relation
    REQUIRE_THAT(to_toml(without), ContainsSubstring("[selector]\nplugin = \"all\"\n"));
    REQUIRE_THAT(to_toml(without), ContainsSubstring("[head]\nplugin = \"none\"\n"));
  }
  REQUIRE_THROWS_WITH(resolved(parent, {"relation.plugin=none"}),
                      ContainsSubstring("no relation plugin with the name 'none'"));
  REQUIRE_THROWS_WITH(resolved(parent, {"head.plugin=none", "head.alpha=1"}), ContainsSubstring("unknown key 'alpha'"));
}

TEST_CASE("a value that is set is the value that is written", "[config]") {
  const TemporaryFolder folder;
  Experiment experiment = resolved(write_small_experiment(folder.path()));
  SearchAxis beta;
  beta.key = "relation.beta";
  beta.place = {trefoil::PluginKind::relation, 0};
  beta.parameter = "beta";
  set_value(experiment, beta, 2.5);
  REQUIRE(value_of(experiment, beta) == 2.5);
  REQUIRE_THAT(to_toml(experiment), ContainsSubstring("beta = 2.5\n"));
}

TEST_CASE("heads in a list are numbered, and keep their order and their parameters", "[config]") {
  const TemporaryFolder folder;
  write_small_experiment(folder.path());
  const auto file = folder.write("heads.toml",
                                 "extends = \"experiment.toml\"\n[[head]]\nplugin = \"residual\"\nepochs = 3\n"
                                 "[[head]]\nplugin = \"whitened\"\nlambda = 0.5\n");
  const Experiment experiment = resolved(file, {"head.2.noise=0"});
  const auto& heads = experiment.plugins_of(trefoil::PluginKind::head);
  REQUIRE(heads.size() == 2);
  REQUIRE(heads[0].parameters.integer("epochs") == 3);
  REQUIRE(heads[1].parameters.real("lambda") == 0.5);
  REQUIRE(heads[1].parameters.real("noise") == 0);
  REQUIRE(plugin_name(experiment, trefoil::PluginKind::head) == "residual, whitened");
  const std::string toml = to_toml(experiment);
  REQUIRE_THAT(toml, ContainsSubstring("[[head]]\nplugin = \"residual\"") &&
                         ContainsSubstring("[[head]]\nplugin = \"whitened\"\nlambda = 0.5\nnoise = 0.0\n"));
  REQUIRE(to_toml(resolved(folder.write("again.toml", toml))) == toml);
  // Another plugin in one place, one head instead of the list, and no head.
  REQUIRE(plugin_name(resolved(file, {"head.1.plugin=gda"}), trefoil::PluginKind::head) == "gda, whitened");
  const auto one = folder.write("one.toml", "extends = \"heads.toml\"\n[head]\nplugin = \"gda\"\n");
  REQUIRE(plugin_name(resolved(one), trefoil::PluginKind::head) == "gda");
  REQUIRE(plugin_name(resolved(file, {"head.plugin=none"}), trefoil::PluginKind::head) == "none");
  REQUIRE_THROWS_WITH(resolved(file, {"head.2.lamda=1"}), ContainsSubstring("did you mean 'lambda'"));
  REQUIRE_THROWS_WITH(resolved(file, {"head.2.plugin=none"}), ContainsSubstring("remove this table from the list"));
  const auto relations = folder.write("relations.toml", "extends = \"heads.toml\"\n[[relation]]\nplugin = \"ape\"\n");
  REQUIRE_THROWS_WITH(resolved(relations), ContainsSubstring("'relation' must be a section"));
}

TEST_CASE("parameters of heads in a list are searched by their number", "[config]") {
  const TemporaryFolder folder;
  write_small_experiment(folder.path());
  const auto file = folder.write("heads.toml",
                                 "extends = \"experiment.toml\"\n[[head]]\nplugin = \"residual\"\n"
                                 "[[head]]\nplugin = \"whitened\"\n[search]\n\"head.2.lambda\" = [0.1, 1]\n");
  const Experiment experiment = resolved(file);
  REQUIRE(experiment.search->axes.size() == 1);
  const SearchAxis& lambda = experiment.search->axes[0];
  REQUIRE(lambda.place.kind == trefoil::PluginKind::head);
  REQUIRE(lambda.place.position == 1);
  REQUIRE(value_of(experiment, lambda) == 0.3);
  Experiment changed = experiment;
  set_value(changed, lambda, 1);
  REQUIRE(changed.plugins_of(trefoil::PluginKind::head)[1].parameters.real("lambda") == 1);
  const auto all = folder.write("all.toml", "extends = \"heads.toml\"\n[search]\n");
  REQUIRE_THROWS_WITH(resolved(file, {"search.head.1.lambda=[1]"}), ContainsSubstring("unknown key 'head.1.lambda'"));
  REQUIRE(resolved(all).search->axes.size() == 1);
}

TEST_CASE("heads that are compared have the ranges that their plugins declare", "[config]") {
  const TemporaryFolder folder;
  write_small_experiment(folder.path());
  const auto file = folder.write("compared.toml",
                                 "extends = \"experiment.toml\"\n[search]\n"
                                 "\"head.plugin\" = [\"whitened\", \"gda\"]\n");
  const Experiment experiment = resolved(file);
  REQUIRE(experiment.search->heads.size() == 2);
  for (const HeadCandidate& candidate : experiment.search->heads) {
    const std::vector<trefoil::Parameter> declared = candidate.choice.declared.all();
    REQUIRE_FALSE(candidate.axes.empty());
    for (const SearchAxis& axis : candidate.axes) {
      CAPTURE(axis.key);
      const auto parameter = std::find_if(declared.begin(), declared.end(),
                                          [&](const trefoil::Parameter& each) { return each.name == axis.parameter; });
      REQUIRE(parameter != declared.end());
      REQUIRE(axis.values.front() == Approx(parameter->search.from));
      REQUIRE(axis.values.back() == Approx(parameter->search.to));
    }
  }
}

TEST_CASE("the name defaults to the file's, and must be a folder's", "[config]") {
  const TemporaryFolder folder;
  write_small_experiment(folder.path());
  const std::string text = tests::read(folder / "experiment.toml");
  REQUIRE(resolved(folder.write("mine.toml", text.substr(text.find("[data]")))).name == "mine");
  REQUIRE_THAT(problems(folder / "experiment.toml", {"name=a/b"}), ContainsSubstring("name of a folder"));
}

TEST_CASE("everything wrong is reported at once", "[config]") {
  const TemporaryFolder folder;
  write_small_experiment(folder.path());
  const std::string text = problems(folder / "experiment.toml",
                                    {"data.txt=x", "relation.bta=1", "relation.alpha=-1", "sed=3", "selector.q=4"});
  REQUIRE_THAT(text, ContainsSubstring("unknown key 'txt' in [data]") && ContainsSubstring("did you mean 'text'?"));
  REQUIRE_THAT(text, ContainsSubstring("unknown key 'bta'") && ContainsSubstring("did you mean 'beta'?"));
  REQUIRE_THAT(text, ContainsSubstring("'relation.alpha'") && ContainsSubstring("did you mean 'seed'?"));
  REQUIRE_THAT(text, ContainsSubstring("unknown key 'q'"));  // the selector `all` takes none
}

TEST_CASE("a selector that ranks must be told how many channels to keep", "[config]") {
  const TemporaryFolder folder;
  REQUIRE_THAT(problems(write_small_experiment(folder.path()), {"selector.plugin=variance"}),
               ContainsSubstring("'selector.q' is missing"));
}

TEST_CASE("missing and wrong sections are explained", "[config]") {
  const TemporaryFolder folder;
  const auto file =
      folder.write("x.toml", "selector = 3\n[encoder]\nplugin = \"clip\"\n[data]\nlayout = \"featurs\"\n");
  const std::string text = problems(file);
  REQUIRE_THAT(text, ContainsSubstring("'selector' must be a section; got an integer"));
  REQUIRE_THAT(text, ContainsSubstring("no data layout 'featurs'") && ContainsSubstring("did you mean 'features'?"));
  REQUIRE_THAT(text, ContainsSubstring("[relation] is missing"));
  REQUIRE_THAT(problems(write_small_experiment(folder.path()), {"encoder.plugin=clip"}),
               ContainsSubstring("remove [encoder]"));
}

TEST_CASE("a plugin that is not there is explained", "[config]") {
  const TemporaryFolder folder;
  const std::string text = problems(write_small_experiment(folder.path()), {"relation.plugin=app"});
  REQUIRE_THAT(text,
               ContainsSubstring("no relation plugin with the name 'app'") && ContainsSubstring("did you mean 'ape'?"));
  REQUIRE_THAT(text, ContainsSubstring("searched") &&
                         ContainsSubstring(std::to_string(registry().plugins().size()) + " plugins"));
  REQUIRE_THAT(problems(folder / "experiment.toml", {"relation.plugin=mixed"}),
               ContainsSubstring("has this name, but its kind is selector: use it in [selector]"));
}
