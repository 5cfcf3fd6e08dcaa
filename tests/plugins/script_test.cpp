// Scripts: what they may contain, where their mistakes are, and the scripts of experiments/scripts against the built-in
// plugins.
#include <ATen/ops/arange.h>
#include <ATen/ops/equal.h>
#include <ATen/ops/ones.h>

#include <algorithm>
#include <array>
#include <future>

#include "base/atomic_file.h"
#include "base/errors.h"
#include "script/operators.h"
#include "script/program.h"
#include "support/catch.h"
#include "support/files.h"
#include "support/plugins.h"
#include "support/problem.h"

using namespace tests;
using Catch::Matchers::StartsWith;
using script::Program;
using trefoil::ParameterError;
using trefoil::Parameters;
using trefoil::ParameterType;

namespace {

const std::vector<script::Function> kFunctions = {
    {"score", {{"text", "Tensor"}, {"images", "Tensor"}, {"seed", "int"}}, {"Tensor", "Tuple[Tensor, Tensor]"}},
    {"other", {}, {"Tensor"}}};

std::shared_ptr<const Program> compiled(const std::string& source) { return Program::of(source, kFunctions); }

const torch::Tensor kText = torch::arange(1, 5, torch::kDouble).view({2, 2});

torch::Tensor run(const std::string& source, trefoil::Host* host = nullptr) {
  return compiled(source)->call({{"text", kText}, {"images", kText}, {"seed", 5}}, {}, host).front();
}

// "2:12 undefined value foo": the place and the message of the mistake.
std::string mistake_in(const std::string& source) {
  try {
    run(source);
  } catch (const ParameterError& error) {
    REQUIRE(error.parameter() == "code");
    REQUIRE_FALSE(error.cure().empty());
    return std::to_string(error.line()) + ":" + std::to_string(error.column()) + " " + error.what();
  }
  return "";
}

// A host whose user interrupts at the tenth report.
class ImpatientHost final : public trefoil::Host {
 public:
  std::uint64_t seed() const override { return 1; }
  int threads() const override { return 1; }
  void log(trefoil::LogLevel /*level*/, const std::string& /*line*/) override {}
  void progress(std::int64_t /*done*/, std::int64_t /*total*/) override {
    if (++reports_ == 10) throw trefoil::Interrupted();
  }
  void metric(const std::string& /*name*/, double /*value*/) override {}
  std::string file_sha256(const std::filesystem::path& /*file*/) override { return ""; }

 private:
  int reports_ = 0;
};

std::string tutorial(const std::string& name) {
  return trefoil::base::read_text(source_folder().parent_path() / "experiments/scripts" / (name + ".py"));
}

}  // namespace

TEST_CASE("arguments that the host does not give are parameters", "[script]") {
  const auto program = compiled(
      "def score(text, must: float, mix: float = 0.5, count: int = 3, flag: bool = True, word: str = 'ab') -> Tensor:\n"
      "    return text\n");
  const auto& parameters = program->parameters().all();
  REQUIRE(parameters.size() == 5);
  REQUIRE(std::string(parameters[0].name) == "must");
  REQUIRE(parameters[0].required);
  REQUIRE(parameters[1].type == ParameterType::real);
  REQUIRE(parameters[1].real_default == 0.5);
  REQUIRE_FALSE(parameters[1].required);
  REQUIRE(parameters[2].type == ParameterType::integer);
  REQUIRE(parameters[2].integer_default == 3);
  REQUIRE(parameters[3].type == ParameterType::boolean);
  REQUIRE(parameters[3].boolean_default);
  REQUIRE(parameters[4].type == ParameterType::text);
  REQUIRE(std::string(parameters[4].text_default) == "ab");
  REQUIRE(program->takes("text"));
  REQUIRE_FALSE(program->takes("images"));
}

TEST_CASE("a script computes with its parameters, helpers, loops, lists and math", "[script]") {
  const auto program = compiled(
      "def twice(x):\n    return x + x\n"
      "def score(text, count: int = 2, seed: int = 0) -> Tensor:\n"
      "    rows = []\n"
      "    for i in range(count):\n"
      "        rows.append(twice(text[i]) * math.sqrt(4.0))\n"
      "    assert len(rows) == count, 'count'\n"
      "    return torch.stack(rows).to(torch.float64) + seed\n");
  const Parameters two(Parameters::Values{{"count", std::int64_t{2}}});
  const torch::Tensor result = program->call({{"text", kText}, {"seed", 5}}, two, nullptr).front();
  REQUIRE(torch::equal(result, kText.to(torch::kDouble) * 4 + 5));
}

TEST_CASE("mistakes have their place and say what is wrong", "[script]") {
  REQUIRE(mistake_in("def score(text):\n    return foo(text)\n") == "2:12 undefined value foo");
  REQUIRE_THAT(mistake_in("def score(text):\n    return text.nope(1)\n"),
               StartsWith("2:12 ") && ContainsSubstring("nope"));
  REQUIRE_THAT(mistake_in("def score(text:\n    return text\n"), StartsWith("2:5 expected"));
  REQUIRE_THAT(mistake_in("x = 3\n"), StartsWith("1:1 expected def"));
  REQUIRE_THAT(mistake_in("def score(text):\n    return text.t(\n"), StartsWith("3:"));
  REQUIRE_THAT(mistake_in("def score(text, images):\n    a = text + 1\n    return a + torch.zeros([7])\n"),
               StartsWith("3:12 The size of tensor a (2) must match the size of tensor b (7)"));
  REQUIRE_THAT(
      mistake_in("def helper(x):\n    return x + torch.zeros([7])\ndef score(text):\n    return helper(text)\n"),
      StartsWith("2:12 The size"));
  REQUIRE_THAT(mistake_in("def score(text):\n    assert 1 == 2, 'too few'\n    return text\n"),
               StartsWith("2:5 ") && ContainsSubstring("too few"));
  REQUIRE(mistake_in("def score(text):\n    return torch.zeros([1000000000000000])\n") ==
          "2:12 there is not enough memory for a tensor of 3725290 GiB");
  REQUIRE_THAT(mistake_in("def score(text):\n    return score(text)\n"), ContainsSubstring("recursive"));
  REQUIRE_THAT(mistake_in("def score(text):\n    return torch.var(text, 'a')\n"),
               StartsWith("2:12 ") && ContainsSubstring("Expected a value of type"));
}

TEST_CASE("brackets without an index are a mistake, and not a crash", "[script]") {
  const std::string missing = " there is no index between the brackets";
  REQUIRE(mistake_in("def score(text):\n    return text[]\n") == "2:12" + missing);
  REQUIRE(mistake_in("def score(text):\n    return text[0][]\n") == "2:12" + missing);
  REQUIRE(mistake_in("def score(text):\n    text[] = 1\n    return text\n") == "2:5" + missing);
  REQUIRE(mistake_in("def score(text):\n    text[ ] += 1\n    return text\n") == "2:5" + missing);
  REQUIRE(mistake_in("def score(text):\n    del text[]\n    return text\n") == "2:9" + missing);
  REQUIRE(mistake_in("def helper(x):\n    return x[]\ndef score(text):\n    return text\n") == "2:12" + missing);
  REQUIRE(torch::equal(run("def score(text):\n    return text[:]\n"), kText));
}

TEST_CASE("a signature that does not fit is refused at its place", "[script]") {
  REQUIRE_THAT(mistake_in("def scor(text):\n    return text\n"), StartsWith("1:1 the script does not define"));
  REQUIRE_THAT(mistake_in(""), ContainsSubstring("does not define"));
  REQUIRE_THAT(mistake_in("def score(text):\n    return text\ndef other() -> Tensor:\n    return torch.ones([1])\n"),
               StartsWith("3:5 ") && ContainsSubstring("defines 'score' and 'other'"));
  REQUIRE(mistake_in("def score(text, labels):\n    return text\n") ==
          "1:17 Trefoil gives no tensor 'labels' to 'score'");
  REQUIRE_THAT(mistake_in("def score(text, mix=0.5):\n    return text\n"),
               StartsWith("1:17 Trefoil gives no tensor 'mix'"));
  REQUIRE_THAT(mistake_in("def score(text: float = 1.0) -> Tensor:\n    return torch.ones([2])\n"),
               StartsWith("1:11 'text' is given by Trefoil as Tensor"));
  REQUIRE_THAT(mistake_in("def score(text, mix: Optional[float] = None):\n    return text\n"),
               StartsWith("1:17 the parameter 'mix' has the type"));
  REQUIRE(mistake_in("def score(mix: float = 1.0, text):\n    return text\n") ==
          "1:29 the argument 'text' has no default, and follows one that has");
  REQUIRE_THAT(mistake_in("def score(text, Mix: float = 1.0):\n    return text\n"), StartsWith("1:17 "));
  REQUIRE_THAT(mistake_in("def score(text) -> float:\n    return 1.0\n"),
               StartsWith("1:5 'score' returns float, not Tensor or Tuple[Tensor, Tensor]"));
}

TEST_CASE("operators that are not on the list are refused by name and place", "[script]") {
  const auto refused = [](const std::string& statement, const std::string& name) {
    CAPTURE(statement);
    const std::string mistake = mistake_in("def score(text):\n    " + statement + "\n    return text\n");
    REQUIRE_THAT(mistake, StartsWith("2:") && ContainsSubstring("may not use the operator " + name));
  };
  refused("print(text)", "prim::Print");
  refused("text = torch.from_file('/tmp/x', True, 100)", "aten::from_file");
  refused("torch.save(text, '/tmp/x')", "aten::save");
  refused("text = torch.rand([2])", "aten::rand");
  refused("torch.manual_seed(1)", "aten::manual_seed");
  refused("text = text.bernoulli()", "aten::bernoulli");
  refused("text = torch.empty([2])", "aten::empty");
  refused("text = torch.as_strided(text, [9], [1])", "aten::as_strided");
  refused("text = text.resize_([100])", "aten::resize_");
  REQUIRE_THAT(mistake_in("def score(text):\n    if text.sum() > 100:\n        print(text)\n    return text\n"),
               StartsWith("3:9 ") && ContainsSubstring("prim::Print"));
  const std::vector<std::string>& allowed = script::allowed_operators();
  REQUIRE(std::is_sorted(allowed.begin(), allowed.end()));
  REQUIRE(std::adjacent_find(allowed.begin(), allowed.end()) == allowed.end());
}

TEST_CASE("compiling a script runs nothing of it", "[script]") {
  const TemporaryFolder folder;
  const std::string writes = "int(torch.from_file('" + (folder / "written").string() + "', True, 10).sum())";
  REQUIRE_THAT(mistake_in("def score(text, n: int = " + writes + "):\n    return text\n"),
               StartsWith("1:") && ContainsSubstring("the default of 'n' is not a number"));
  REQUIRE_THAT(
      mistake_in("def helper(x, n: int = " + writes + "):\n    return x\ndef score(text):\n    return helper(text)\n"),
      StartsWith("1:"));
  REQUIRE_THAT(
      mistake_in("def score(text):\n    def inner(x, n: int = " + writes + "):\n        return x\n    return text\n"),
      StartsWith("2:"));
  REQUIRE_FALSE(std::filesystem::exists(folder / "written"));
  REQUIRE(compiled("def score(text, n: int = -3):\n    return text * n\n")->parameters().all()[0].integer_default ==
          -3);
}

TEST_CASE("a script that would overflow the compiler's stack is refused", "[script]") {
  const auto repeated = [](const std::string& text, int count) {
    std::string all;
    for (int i = 0; i < count; ++i) all += text;
    return all;
  };
  const auto returning = [&](const std::string& expression) {
    return mistake_in("def score(text):\n    return " + expression + "\n");
  };
  for (const int count : {400, 100000}) {
    const std::string refusal = count == 400 ? "" : "2:1011 a statement has more than 1,000 words and signs";
    REQUIRE(returning(repeated("(", count) + "text" + repeated(")", count)) == refusal);
  }
  REQUIRE(returning("text" + repeated(" + text", 400)).empty());
  REQUIRE_THAT(returning("text" + repeated(" + text", 100000)), StartsWith("2:"));
  REQUIRE_THAT(returning(repeated("-", 100000) + "text"), StartsWith("2:"));
  REQUIRE_THAT(returning("text" + repeated(".exp()", 100000)), StartsWith("2:"));
  REQUIRE_THAT(mistake_in("def score(text):\n" + repeated("    text = text + 1\n", 5000) + "    return text\n"),
               ContainsSubstring("the script has more than 10,000"));
  std::string nested = "def score(text):\n";
  for (int i = 1; i < 200; ++i) nested += repeated(" ", i) + "if True:\n";
  REQUIRE(mistake_in(nested + repeated(" ", 200) + "text = text + 1\n return text\n").empty());
}

TEST_CASE("an endless loop ends when the user interrupts", "[script]") {
  ImpatientHost host;
  REQUIRE_THROWS_AS(run("def score(text):\n    while True:\n        text = text + 0\n    return text\n", &host),
                    trefoil::Interrupted);
  ImpatientHost nested;
  REQUIRE_THROWS_AS(
      run("def score(text):\n    for i in range(10):\n        while True:\n            pass\n    return text\n",
          &nested),
      trefoil::Interrupted);
}

TEST_CASE("a script that changes its arguments changes copies", "[script]") {
  const torch::Tensor before = kText.clone();
  const torch::Tensor result =
      run("def score(text):\n    part = text[0]\n    part += 1.0\n    text[1] = 0.0\n    return text\n");
  REQUIRE(torch::equal(kText, before));
  REQUIRE(torch::equal(result[0], kText[0] + 1));
  REQUIRE(result[1].count_nonzero().item<std::int64_t>() == 0);
}

TEST_CASE("repeated calls and calls from several threads give the same bits", "[script]") {
  const auto program =
      compiled("def score(text):\n    return (text * 1.1 + text.exp() * 0.3).tanh().softmax(1) - text.var(0)\n");
  const torch::Tensor rows = small_problem().support.text;
  const auto call = [&] { return program->call({{"text", rows}}, {}, nullptr).front(); };
  const torch::Tensor first = call();
  for (int i = 0; i < 5; ++i) REQUIRE(torch::equal(call(), first));
  std::array<std::future<torch::Tensor>, 4> others;
  for (auto& other : others) other = std::async(std::launch::async, call);
  for (auto& other : others) REQUIRE(torch::equal(other.get(), first));
}

TEST_CASE("the selectors of the tutorial give the numbers of the built-in ones, to the bit", "[script]") {
  for (const trefoil::Support& support :
       {small_problem().support, ragged_support(), to(small_problem().support, torch::kFloat)}) {
    for (const std::string name : {"variance", "similarity", "mixed"}) {
      CAPTURE(name);
      const torch::Tensor own = score("script", support, {{"code", tutorial(name)}});
      REQUIRE(torch::equal(own.to(torch::kDouble), score(name, support)));
    }
    REQUIRE(torch::equal(score("script", support, {{"code", tutorial("mixed")}, {"weight", 0.3}}),
                         score("mixed", support, {{"lambda", 0.3}})));
  }
}

TEST_CASE("the relations of the tutorial give the logits of the built-in ones, to the bit", "[script]") {
  const SmallProblem problem = small_problem();
  const trefoil::Channels channels = first_channels(problem.support, 20);
  for (const std::string name : {"zero_shot", "tip", "ape", "power"}) {
    CAPTURE(name);
    const auto own = make_plugin(trefoil::PluginKind::relation, "script", {{"code", tutorial(name)}}, 1);
    const auto& relation = dynamic_cast<const trefoil::Relation&>(*own);
    const trefoil::Classifier classifier = relation.relate(problem.support, channels);
    const trefoil::Classifier built_in = relate(name, problem.support, channels);
    REQUIRE(torch::equal(classifier.logits(problem.test), built_in.logits(problem.test)));
    REQUIRE_FALSE(classifier.weight.defined());  // so that a search by leave-one-out is exact
    REQUIRE(static_cast<bool>(classifier.custom_logits) == (name == "zero_shot" || name == "power"));
  }
}

TEST_CASE("a script of logits uses the fields that a search changes", "[script]") {
  const SmallProblem problem = small_problem();
  const trefoil::Channels channels = first_channels(problem.support, 20);
  const auto own = make_plugin(trefoil::PluginKind::relation, "script",
                               {{"code", tutorial("power")}, {"alpha", 2.0}, {"beta", 3.0}}, 1);
  const auto& relation = dynamic_cast<const trefoil::Relation&>(*own);
  trefoil::Classifier classifier = relation.relate(problem.support, channels);
  REQUIRE(classifier.alpha == 2);
  REQUIRE(classifier.beta == 3);
  classifier.alpha = 7;
  const trefoil::Classifier built_in = relate("power", problem.support, channels, {{"alpha", 7.0}, {"beta", 3.0}});
  REQUIRE(torch::equal(classifier.logits(problem.test), built_in.logits(problem.test)));
}

TEST_CASE("a script head moves the texts and may set a bias", "[script]") {
  const SmallProblem problem = small_problem();
  const trefoil::Channels channels = first_channels(problem.support, 20);
  const trefoil::Classifier start = relate("tip", problem.support, channels);
  const auto trained = [&](const std::string& code) {
    const auto own = make_plugin(trefoil::PluginKind::head, "script", {{"code", code}}, 1);
    return dynamic_cast<const trefoil::Head&>(*own).train(start, problem.support, channels);
  };
  const trefoil::Classifier moved = trained(tutorial("class_means"));
  const torch::Tensor means = problem.support.images.view({5, 4, 32}).mean(1);
  REQUIRE(near(moved.text, trefoil::unit_rows(problem.support.text + 0.3 * means)));
  REQUIRE(torch::equal(moved.keys, start.keys));
  const trefoil::Classifier both = trained(
      "def train(text, bias, logit_scale: float) -> Tuple[Tensor, Tensor]:\n    return text, bias + logit_scale\n");
  REQUIRE(torch::equal(both.bias, torch::ones({5}, torch::kDouble) * 100));
}
