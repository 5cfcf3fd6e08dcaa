#include "config/settings.h"

#include "config/merge.h"
#include "support/catch.h"
#include "support/files.h"

using namespace tests;
using namespace trefoil::config;
namespace parameter = trefoil::parameter;
using trefoil::Parameter;
using trefoil::Parameters;

namespace {

const std::vector<Parameter> kDeclared = {
    parameter::required(parameter::integer("q", 1, {1, 512}, "channels")),
    parameter::real("lambda", 0.5, {0, 1}, "weight"),
    parameter::choice("source", "text|intra", "whose variance"),
    parameter::boolean("renormalise", true, "again"),
    parameter::text("note", "none", "anything"),
    parameter::path("weights", "", "a file"),
    parameter::path_list("more", "folders"),
    parameter::text_list("words", "one|two", "any"),
};

struct Read {
  Parameters values;
  std::string errors;
};

Read read_settings(const std::string& toml, const std::vector<std::string>& overrides = {}) {
  const TemporaryFolder folder;
  Diagnostics diagnostics;
  std::vector<Setting> settings;
  const Table table = load_merged(folder.write("x.toml", toml), overrides, diagnostics);
  Read result{read_settings(table, "s", kDeclared, {}, folder.path(), diagnostics, settings), ""};
  try {
    diagnostics.throw_if_any();
  } catch (const ConfigError& error) {
    result.errors = error.what();
  }
  return result;
}

}  // namespace

TEST_CASE("defaults fill in, and an integer serves as a real", "[config]") {
  const Read read = read_settings("q = 3\nlambda = 1\n");
  REQUIRE(read.errors.empty());
  REQUIRE(read.values.integer("q") == 3);
  REQUIRE(read.values.real("lambda") == 1.0);
  REQUIRE(read.values.text("source") == "text");
  REQUIRE(read.values.boolean("renormalise"));
  REQUIRE(read.values.text("note") == "none");
  REQUIRE(read.values.text("weights").empty());
  REQUIRE(read.values.list("more").empty());
  REQUIRE(read.values.list("words") == std::vector<std::string>{"one", "two"});
}

TEST_CASE("a list of texts is taken as it stands, an empty one too", "[config]") {
  REQUIRE(read_settings("q = 1\nwords = [\"./a\", \"b\"]").values.list("words") ==
          std::vector<std::string>{"./a", "b"});
  REQUIRE(read_settings("q = 1\nwords = []").values.list("words").empty());
  REQUIRE_THAT(read_settings("q = 1\nwords = [1]").errors, ContainsSubstring("an array of texts"));
}

TEST_CASE("nothing else converts", "[config]") {
  REQUIRE_THAT(read_settings("q = 3.0").errors, ContainsSubstring("an integer, 1 to 512; got 3.0"));
  REQUIRE_THAT(read_settings("q = \"3\"").errors, ContainsSubstring("got \"3\""));
  REQUIRE_THAT(read_settings("q = 1\nrenormalise = 1").errors, ContainsSubstring("true or false; got 1"));
  REQUIRE_THAT(read_settings("q = 1\nnote = 7").errors, ContainsSubstring("a text; got 7"));
  REQUIRE_THAT(read_settings("q = 1\nmore = \"x\"").errors, ContainsSubstring("an array of paths"));
  REQUIRE_THAT(read_settings("q = [1]").errors, ContainsSubstring("got an array"));
}

TEST_CASE("ranges, choices, missing and unknown keys are errors, all reported at once", "[config]") {
  const std::string errors = read_settings("lambda = 1.5\nsource = \"inter\"\nlamda = 1\n").errors;
  REQUIRE_THAT(errors, ContainsSubstring("unknown key 'lamda' in [s]") && ContainsSubstring("did you mean 'lambda'?"));
  REQUIRE_THAT(errors, ContainsSubstring("'s.q' is missing"));
  REQUIRE_THAT(errors, ContainsSubstring("a real number, 0 to 1; got 1.5"));
  REQUIRE_THAT(errors, ContainsSubstring("one of \"text\" \"intra\"") && ContainsSubstring("did you mean 'intra'?"));
  REQUIRE_THAT(read_settings("q = 1\nlambda = nan").errors, ContainsSubstring("got nan"));
}

TEST_CASE("messages show the line and a caret", "[config]") {
  REQUIRE_THAT(read_settings("q = 1\nlambda = 1.5\n").errors, ContainsSubstring("x.toml:2:10: error:"));
}

TEST_CASE("of very many errors the first are shown, and lines that would fill the terminal are not", "[config]") {
  std::string toml = "q = 1\n";
  for (int i = 0; i < 20000; ++i) toml += "k" + std::to_string(i) + " = 1\n";
  const std::string errors = read_settings(toml).errors;
  REQUIRE_THAT(errors, ContainsSubstring("unknown key 'k49'") && !ContainsSubstring("unknown key 'k50'"));
  REQUIRE_THAT(errors, Catch::Matchers::EndsWith("\nand 19,950 more errors"));
  const std::string wide = read_settings("q = \"" + std::string(100000, 'x') + "\"").errors;
  REQUIRE_THAT(wide, ContainsSubstring("x.toml:1:5: error:") && !ContainsSubstring("1 | q ="));
}

TEST_CASE("--set is typed by the declaration", "[config]") {
  const Read read = read_settings("q = 1", {"q=9", "note=7", "lambda=1"});
  REQUIRE(read.errors.empty());
  REQUIRE(read.values.integer("q") == 9);
  REQUIRE(read.values.text("note") == "7");
  REQUIRE(read.values.real("lambda") == 1.0);
}

TEST_CASE("a text from the environment becomes what the declaration says", "[config]") {
  ::setenv("TREFOIL_TEST_NUMBER", "7", 1);
  ::setenv("TREFOIL_TEST_WORD", "seven", 1);
  const Read read = read_settings(
      "q = \"${env:TREFOIL_TEST_NUMBER}\"\nnote = \"${env:TREFOIL_TEST_NUMBER}\"\n"
      "lambda = \"0.${env:TREFOIL_TEST_NUMBER}\"\nrenormalise = \"${env:TREFOIL_TEST_NOTHING:-false}\"\n");
  REQUIRE(read.errors.empty());
  REQUIRE(read.values.integer("q") == 7);
  REQUIRE(read.values.text("note") == "7");
  REQUIRE(read.values.real("lambda") == 0.7);
  REQUIRE_FALSE(read.values.boolean("renormalise"));
  REQUIRE_THAT(read_settings("q = \"${env:TREFOIL_TEST_WORD}\"\n").errors,
               ContainsSubstring("'s.q' must be an integer, 1 to 512; got \"seven\""));
  REQUIRE_THAT(read_settings("q = \"7\"\n").errors, ContainsSubstring("must be an integer"));
}

TEST_CASE("a text that is not UTF-8 is refused, because config.toml could not hold it", "[config]") {
  for (const std::string override : {"note=n\xe9", "weights=/data/n\xe9"}) {
    REQUIRE_THAT(read_settings("q = 1\n", {override}).errors, ContainsSubstring("is not UTF-8"));
  }
}

TEST_CASE("paths are relative to the file that sets them, or to the working directory for --set", "[config]") {
  const Read in_file = read_settings("q = 1\nweights = \"a/../b.pt\"\n");
  REQUIRE_THAT(in_file.values.text("weights"),
               ContainsSubstring("trefoil-test-") && Catch::Matchers::EndsWith("/b.pt"));
  REQUIRE(read_settings("q = 1", {"weights=b.pt"}).values.text("weights") ==
          (std::filesystem::current_path() / "b.pt").string());
}

TEST_CASE("reading a parameter that was not declared, or as another type, names it", "[config]") {
  const Parameters values = read_settings("q = 1").values;
  REQUIRE_THROWS_WITH(values.real("nothing"), ContainsSubstring("'nothing'"));
  REQUIRE_THROWS_WITH(values.real("q"), ContainsSubstring("'q' is not declared as real"));
}
