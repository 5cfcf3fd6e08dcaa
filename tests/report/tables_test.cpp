#include "report/made_runs.h"
#include "report/report.h"
#include "report/results_csv.h"
#include "report/results_markdown.h"
#include "report/setting_text.h"
#include "support/catch.h"

using namespace tests;
using namespace trefoil::report;

TEST_CASE("results.csv has a row for each run, quoted where it must be", "[results]") {
  Run first = made_run({{"prompts.templates", R"(["a, {}", "b"])"}, {"selector.plugin", "\"mixed\""}}, 91.25, "3");
  first.variant = "without \"γ\"";
  first.chosen = {{"relation.alpha", "4.0"}};
  first.seconds = {{"total", 1.5}};
  first.directory = "/runs/a";
  Run second = failed_run({{"prompts.templates", "[]"}, {"selector.plugin", "\"all\""}}, "no disk,\nno run");
  REQUIRE(results_csv(compare({first, second})) ==
          "variant,prompts.templates,selector.plugin,seed,status,error,test.top1,test.top5,chosen.relation.alpha,"
          "seconds.total,directory\n"
          "\"without \"\"γ\"\"\",\"[\"\"a, {}\"\", \"\"b\"\"]\",mixed,3,done,,91.25,96.25,4.0,1.5,/runs/a\n"
          ",[],all,1,failed,\"no disk,\nno run\",,,,,/runs/failed\n");
}

TEST_CASE("results.md has a row for each cell, the best in bold", "[results]") {
  Run odd = made_run({{"relation.alpha", "2.0"}}, 70, "1");
  odd.settings["name"] = "\"a|b_c\"";
  const std::string text = results_markdown(
      compare({odd, made_run({{"relation.alpha", "4.0"}}, 80, "1"), made_run({{"relation.alpha", "4.0"}}, 82, "2"),
               failed_run({{"relation.alpha", "2.0"}}, "no | disk")}),
      std::nullopt);
  REQUIRE_THAT(text, ContainsSubstring("# a\\|b\\_c, made up\n"));
  REQUIRE_THAT(text, ContainsSubstring("4 runs: 3 done, 1 failed"));
  REQUIRE_THAT(text, ContainsSubstring("| α (relation.alpha) | top-1, % | top-5, % | runs |\n"));
  REQUIRE_THAT(text, ContainsSubstring("| 2 | 70.00 | 75.00 | 1 of 2 ⚠ |\n"));
  REQUIRE_THAT(text, ContainsSubstring("| **4** | **81.00 ± 1.41** | **86.00 ± 1.41** | **2** |\n"));
  REQUIRE_THAT(text, ContainsSubstring("no \\| disk"));
}

TEST_CASE("ECE is a percentage, and −log p is not", "[results]") {
  std::vector<Run> runs = {made_run({}, 80, "1"), made_run({}, 82, "2")};
  runs[0].metrics["test.ece"] = 3;
  runs[1].metrics["test.ece"] = 5;
  runs[0].metrics["test.nll"] = 1.0625;
  runs[1].metrics["test.nll"] = 1.0625;
  const Comparison comparison = compare(runs);
  const std::string text = results_markdown(comparison, std::nullopt);
  REQUIRE_THAT(text, ContainsSubstring("| top-1, % | top-5, % | ECE, % | −log p | runs |\n"));
  REQUIRE_THAT(text, ContainsSubstring("| **4.00 ± 1.41** | **1.062** | **2** |\n"));
  REQUIRE_THAT(results_csv(comparison), ContainsSubstring(",test.top1,test.top5,test.ece,test.nll,directory\n"));
  const std::string page = report_html(comparison, std::nullopt, "/runs");
  REQUIRE_THAT(page, ContainsSubstring("<b>4.00 %</b>ECE ± 1.41"));
  REQUIRE_THAT(page, ContainsSubstring("<b>1.062</b>−log p</div>"));
  REQUIRE_THAT(page, ContainsSubstring(">−log p</th>"));
}

TEST_CASE("settings are shown with symbols and without quotes", "[results]") {
  REQUIRE(long_name("relation.alpha") == "α (relation.alpha)");
  REQUIRE(long_name("selector.q") == "Q (selector.q)");
  REQUIRE(long_name("selector.lambda") == "λ (selector.lambda)");
  REQUIRE(long_name("head.plugin") == "head.plugin");
  REQUIRE(short_name("relation.beta") == "β");
  REQUIRE(short_name("head.plugin") == "head");
  REQUIRE(short_name("selector.balance") == "balance");
  REQUIRE(shown("\"mixed\"") == "mixed");
  REQUIRE(shown("4.0") == "4");
  REQUIRE(shown("1e-4") == "0.0001");
  REQUIRE(shown("[1.0, 2.0]") == "[1.0, 2.0]");
  REQUIRE(shown("") == "not set");
  REQUIRE(number_of("\"4\"") == std::nullopt);
  REQUIRE(number_of("inf") == std::nullopt);
}
