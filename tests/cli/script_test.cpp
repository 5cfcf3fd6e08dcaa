// Plugins named script: ideas in an experiment file, their mistakes, and models that hold a script.
#include "support/catch.h"
#include "support/files.h"
#include "support/problem.h"
#include "support/process.h"

using namespace tests;

namespace {

// A folder with the small problem.
class ScriptFolder {
 public:
  ScriptFolder() { write_small_experiment(folder_.path()); }

  // Writes x.toml: the small experiment with these sections.
  std::string with(const std::string& sections) const {
    return folder_.write("x.toml", "extends = \"experiment.toml\"\n" + sections).string();
  }

  Outcome run(const std::string& sections, const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments = {with(sections), "--out", (folder_ / "runs").string()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_runner(arguments);
  }

  // The content of result.txt of a run.
  std::string result(const std::string& sections, const std::vector<std::string>& more = {}) const {
    std::vector<std::string> json = {"--json"};
    json.insert(json.end(), more.begin(), more.end());
    return read(succeeded(run(sections, json)).at("submission").get<std::string>());
  }

  const TemporaryFolder& folder() const { return folder_; }

 private:
  TemporaryFolder folder_;
};

// A section with a script that has these lines.
std::string script(const std::string& kind, const std::string& code, const std::string& more = "") {
  return "[" + kind + "]\nplugin = \"script\"\n" + more + "code = \"\"\"\n" + code + "\"\"\"\n";
}

std::string script_selector(const std::string& code, const std::string& more = "q = 12\n") {
  return script("selector", code, more);
}

std::string tutorial(const std::string& name) {
  return (source_folder().parent_path() / "experiments/scripts" / (name + ".py")).string();
}

}  // namespace

TEST_CASE("a script gives the result of the built-in plugin, to the byte", "[script]") {
  const ScriptFolder folder;
  for (const std::string name : {"variance", "similarity", "mixed"}) {
    CAPTURE(name);
    const std::string own =
        folder.result("[selector]\nplugin = \"script\"\nq = 12\nfile = \"" + tutorial(name) + "\"\n");
    REQUIRE(own == folder.result("[selector]\nplugin = \"" + name + "\"\nq = 12\n"));
    REQUIRE(own == folder.result("[selector]\nplugin = \"script\"\nq = 12\nfile = \"" + tutorial(name) + "\"\n",
                                 {"--threads", "3"}));
  }
  const std::string twelve = "[selector]\nplugin = \"mixed\"\nq = 12\n";
  for (const std::string name : {"zero_shot", "tip", "ape", "power"}) {
    CAPTURE(name);
    const std::string own =
        folder.result(twelve + "[relation]\nplugin = \"script\"\nfile = \"" + tutorial(name) + "\"\n");
    REQUIRE(own == folder.result(twelve + "[relation]\nplugin = \"" + name + "\"\n"));
  }
}

TEST_CASE("the arguments of a script are keys of its section", "[script]") {
  const ScriptFolder folder;
  const std::string code =
      "def score(text, mix: float = 0.5, count: int = 2, word: str = 'a') -> Tensor:\n    return text.var(0) * mix\n";
  const std::string file = folder.with(script_selector(code, "q = 12\nmix = 0.25\n"));
  const auto settings = run_runner({"show", file, "--json", "--set", "selector.count=5"}).json().at("settings");
  REQUIRE(settings.at("selector.mix").at("value") == 0.25);
  REQUIRE(settings.at("selector.count").at("value") == 5);
  REQUIRE(settings.at("selector.word").at("value") == "a");
  REQUIRE(settings.at("selector.code").at("value") == code);
  // What `show` prints is an experiment file, also with a text of several lines.
  const Outcome shown = run_runner({"show", file});
  REQUIRE_THAT(shown.out, ContainsSubstring("code = \"\"\"\ndef score(") && ContainsSubstring("mix = 0.25 "));
  const auto again = run_runner({"show", folder.folder().write("again.toml", shown.out).string(), "--json"});
  REQUIRE(again.json().at("settings").at("selector.code").at("value") == code);

  require_refused(run_runner({file, "--set", "selector.mix=\"a\""}), "'selector.mix' must be a real number");
  require_refused(run_runner({file, "--set", "selector.mixx=1"}), "did you mean 'mix'?");
  const std::string without_code = folder.with("[selector]\nplugin = \"script\"\nq = 12\n");
  require_refused(run_runner({without_code}), "'selector.code' is missing: a program; `file` instead");
  const std::string code_of_two_lines = "selector.code='''\ndef score(text):\n    return foo(text)\n'''";
  require_refused(run_runner({without_code, "--set", code_of_two_lines}),
                  "--set selector.code: error: line 2, column 12 of 'code': undefined value foo");
}

TEST_CASE("a search tries values of a script's arguments", "[script]") {
  const ScriptFolder folder;
  const auto summary = succeeded(folder.run(
      script_selector("def score(text, images, labels, mix: float = 0.5) -> Tensor:\n"
                      "    return mix * text.var(0) - (1.0 - mix) * (images - text[labels]).pow(2).mean(0)\n") +
          "[search]\n\"selector.mix\" = [0.1, 0.9]\n",
      {"--json"}));
  const double mix = summary.at("chosen").at("selector.mix");
  REQUIRE((mix == 0.1 || mix == 0.9 || mix == 0.5));
}

TEST_CASE("a mistake is shown at its place in the experiment file", "[script]") {
  const ScriptFolder folder;
  const auto refused = [&](const std::string& code, const std::string& place, const std::string& reason) {
    const Outcome outcome = folder.run(script_selector(code));
    CAPTURE(outcome.err);
    REQUIRE(outcome.exit_code != 0);
    REQUIRE_THAT(outcome.err, ContainsSubstring("x.toml:" + place + ": error: ") && ContainsSubstring(reason));
  };
  // The code begins in line 6.
  refused("def score(text):\n    return foo(text)\n", "7:12",
          "undefined value foo\n  7 |     return foo(text)\n    |            ^\n");
  refused("def score(text:\n    return text\n", "7:5", "expected");
  refused("def score(text):\n    print(text)\n    return text[0]\n", "7:5", "may not use the operator prim::Print");
  refused("def score(text):\n    return text + torch.zeros([7])\n", "7:12",
          "selector/script: score failed: The size of tensor a");
  refused("def score(text):\n    return torch.zeros([1000000000000000])\n", "7:12", "there is not enough memory");
  refused("def score(text, beta: Tensor) -> Tensor:\n    return text\n", "6:17", "gives no tensor 'beta'");
  refused("def other(text):\n    return text\n", "6:1", "does not define the function 'score'");
}

TEST_CASE("a mistake is shown at its place in the file of the script", "[script]") {
  const ScriptFolder folder;
  folder.folder().write("idea.py", "# An idea.\ndef score(text):\n    return foo(text)\n");
  const std::string section = "[selector]\nplugin = \"script\"\nq = 12\nfile = \"idea.py\"\n";
  require_refused(folder.run(section), "idea.py:3:12: error: undefined value foo");
  folder.folder().write("idea.py", "def score(text):\n    return text + torch.zeros([7])\n");
  REQUIRE_THAT(folder.run(section).err,
               ContainsSubstring("idea.py:2:12: error: selector/script: score failed: The size"));
  require_refused(folder.run("[selector]\nplugin = \"script\"\nq = 12\nfile = \"missing.py\"\n"), "missing.py");
  require_refused(folder.run(section + "code = \"x\"\n"), "'selector.file' and 'selector.code' are both set");
}

TEST_CASE("what a script returns is checked like that of any plugin", "[script]") {
  const ScriptFolder folder;
  const auto refused = [&](const std::string& sections, const std::string& reason) {
    const Outcome outcome = folder.run(sections);
    CAPTURE(outcome.err);
    REQUIRE(outcome.exit_code == 3);
    REQUIRE_THAT(outcome.err, ContainsSubstring(reason));
  };
  refused(script_selector("def score(text):\n    return text.var(1)\n"),
          "the score it returned has the shape [5], expected [32]");
  refused(script_selector("def score(text):\n    return text.var(0).to(torch.int64)\n"),
          "the score it returned has the type Long");
  refused(script_selector("def score(text):\n    return text.var(0) / 0.0 * 0.0\n"),
          "the score it returned holds a NaN");
  refused(script("relation", "def logits(query, text):\n    return query\n"), "the logits it returned has the shape");
  refused(script("relation", "def keys(images):\n    return images[:3]\n"), "'keys' returned 3 rows for 20 images");
  refused(script("head", "def train(text):\n    return text[0]\n"), "the text it returned has the shape");
}

TEST_CASE("Ctrl-C ends an endless loop of a script", "[script]") {
  const ScriptFolder folder;
  for (const std::string& sections :
       {script_selector("def score(text):\n    while True:\n        text = text + 0\n    return text[0]\n"),
        script("relation",
               "def logits(query, text):\n    while True:\n        pass\n    return query.matmul(text.t())\n"),
        script("head", "def train(text):\n    while True:\n        pass\n    return text\n")}) {
    const TemporaryFolder runs;
    const std::string out = shell_word(runs.path().string());
    // The signal comes when the run has begun. SIGTERM has the same effect as Ctrl-C.
    const Outcome outcome = run_shell(shell_word(runner_program()) + " " + shell_word(folder.with(sections)) +
                                      " --out " + out + " & pid=$!; for i in $(seq 3000); do ls " + out +
                                      "/*/*/provenance.json > /dev/null 2>&1 && break; sleep 0.01; done; sleep 0.2; "
                                      "kill -TERM $pid; wait $pid");
    CAPTURE(outcome.err);
    REQUIRE(outcome.exit_code == 130);
    REQUIRE_THAT(outcome.err, ContainsSubstring("interrupted"));
  }
}

TEST_CASE("a model with a script is used only with --allow-code", "[script]") {
  const ScriptFolder folder;
  const auto predicted = [&](const std::string& sections, const std::vector<std::string>& more) {
    const std::string run = succeeded(folder.run(sections, {"--json"})).at("run_dir");
    std::vector<std::string> arguments = {"predict",
                                          "--model",
                                          run,
                                          "--features",
                                          (folder.folder() / "query.npy").string(),
                                          "--out",
                                          (folder.folder() / "new/result.txt").string()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    Outcome outcome = run_runner(arguments);
    if (outcome.exit_code == 0) {
      REQUIRE(read(folder.folder() / "new/result.txt") == read(std::filesystem::path(run) / "result.txt"));
    }
    return outcome;
  };
  const std::string own = "[relation]\nplugin = \"script\"\nfile = \"" + tutorial("power") + "\"\nalpha = 2.5\n";
  const std::string selected = "[selector]\nplugin = \"mixed\"\nq = 12\n";
  const Outcome refused = predicted(selected + own, {});
  REQUIRE(refused.exit_code == 4);
  REQUIRE_THAT(refused.err,
               ContainsSubstring("contains a program of the relation script") && ContainsSubstring("--allow-code"));
  for (const std::string& sections : {selected + own, own + "[search]\ntemperature = true\n"}) {
    const Outcome allowed = predicted(sections, {"--allow-code"});
    CAPTURE(allowed.err);
    REQUIRE(allowed.exit_code == 0);
  }
  // Code of a plugin that needs no program from the file runs as always. So do models without code.
  REQUIRE(predicted("[relation]\nplugin = \"power\"\n", {}).exit_code == 0);
  REQUIRE(predicted("[relation]\nplugin = \"script\"\nfile = \"" + tutorial("tip") + "\"\n", {}).exit_code == 0);
}

TEST_CASE("an adapter may be a script", "[script]") {
  const ScriptFolder folder;
  const std::string relation = "[relation]\nplugin = \"tip\"\n";
  const std::string adapter = relation + "[adapter]\nplugin = \"script\"\nfile = \"" + tutorial("balanced") + "\"\n";
  REQUIRE(folder.result(adapter) == folder.result(relation + "[adapter]\nplugin = \"balanced\"\n"));
  REQUIRE(folder.result(adapter) == folder.result(adapter, {"--threads", "3"}));
  REQUIRE_FALSE(folder.result(adapter) == folder.result(relation));

  const auto refused = [&](const std::string& code, const std::string& reason) {
    const Outcome outcome = folder.run(relation + script("adapter", code));
    CAPTURE(outcome.err);
    REQUIRE(outcome.exit_code != 0);
    REQUIRE_THAT(outcome.err, ContainsSubstring(reason));
  };
  refused("def adapt(probabilities):\n    return probabilities[0]\n", "expected probabilities [");
  refused("def adapt(probabilities):\n    return -probabilities\n", "a negative number");
  refused("def adapt(probabilities):\n    return probabilities / 0.0\n", "an infinity");
}

TEST_CASE("a model with the script of an adapter needs --allow-code", "[script]") {
  const ScriptFolder folder;
  const auto run = succeeded(folder.run(
      "[relation]\nplugin = \"tip\"\n[adapter]\nplugin = \"script\"\nfile = \"" + tutorial("balanced") + "\"\n",
      {"--json"}));
  const std::filesystem::path model = run_directory(run);
  const std::string out = (folder.folder() / "out.txt").string();
  const std::vector<std::string> predict = {
      "predict", "--model", model.string(), "--features", (folder.folder() / "query.npy").string(), "--out", out};
  const Outcome refused = run_runner(predict);
  REQUIRE(refused.exit_code == 4);
  REQUIRE_THAT(refused.err,
               ContainsSubstring("contains a program of the adapter script") && ContainsSubstring("--allow-code"));
  std::vector<std::string> allowed = predict;
  allowed.emplace_back("--allow-code");
  REQUIRE(run_runner(allowed).exit_code == 0);
  REQUIRE(read(out) == read(model / "result.txt"));
}
