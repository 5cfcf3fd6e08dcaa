#include "report/report.h"

#include "report/made_runs.h"
#include "support/catch.h"

using namespace tests;
using namespace trefoil::report;

namespace {

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("a report names the best, links to the runs and needs nothing else", "[results]") {
  Run best = made_run({{"relation.alpha", "4.0"}}, 82.5);
  best.directory = "/runs/x/a b#1";
  best.provenance.command_line = {"runner", "it's.toml"};
  const std::string page =
      report_html(compare({made_run({{"relation.alpha", "2.0"}}, 70), best}), std::nullopt, "/runs/report");
  REQUIRE_THAT(page, ContainsSubstring("<b>82.50 %</b>top-1"));
  REQUIRE_THAT(page, ContainsSubstring("href=\"../x/a%20b%231/report.html\""));
  REQUIRE_THAT(page, ContainsSubstring("α (relation.alpha)"));
  REQUIRE_THAT(page, ContainsSubstring("runner &apos;/runs/x/a b#1/config.toml&apos;"));
  REQUIRE_FALSE(holds(page, "<script"));
  REQUIRE_FALSE(holds(page, "src="));
  REQUIRE_FALSE(holds(page, "http"));
}

TEST_CASE("names and errors cannot become part of the page", "[results]") {
  Run run = made_run({{"relation.plugin", "\"<i>x</i>\""}}, 70);
  run.settings["name"] = "\"<script>alert(1)</script>\"";
  run.variant = "<b>base</b>";
  const std::string page = report_html(compare({run, made_run({{"relation.plugin", "\"y\""}}, 71),
                                                failed_run({{"relation.plugin", "\"y\""}}, "<img src=x>")}),
                                       std::nullopt, "/runs");
  for (const char* part : {"<i>x", "<script", "<b>base", "<img"}) REQUIRE_FALSE(holds(page, part));
  REQUIRE_THAT(page, ContainsSubstring("&lt;img src=x&gt;"));
}

TEST_CASE("sections appear only where they apply", "[results]") {
  const std::string single = report_html(compare({made_run({}, 70)}), std::nullopt, "/runs");
  for (const char* heading : {"Worth knowing", "Ablations", "Subsets", "Neural collapse", "Picked on the test set"})
    REQUIRE_FALSE(holds(single, heading));
  REQUIRE(holds(single, "Reproduce"));

  Run rich = made_run({}, 70);
  rich.metrics["test.top1.CARS"] = 60;
  rich.collapse = {{"queries nc1_within", 0.5, 0.25}};
  rich.seconds = {{"encode", 3}, {"total", 4}};
  rich.warnings = {"the parameters were chosen on the test labels"};
  const std::string page = report_html(compare({rich}), std::nullopt, "/runs");
  for (const char* text :
       {"Subsets", "CARS", "NC1 spread within classes, queries", "0.2500", "encode", "4.000 s", "on the test labels"})
    REQUIRE(holds(page, text));
}

TEST_CASE("without any accuracy the report says so and shows the failures", "[results]") {
  const std::string page = report_html(compare({failed_run({}, "the disk is full")}), std::nullopt, "/runs");
  REQUIRE(holds(page, "No run has an accuracy"));
  REQUIRE(holds(page, "the disk is full"));
  REQUIRE_FALSE(holds(page, "Reproduce"));
  REQUIRE_NOTHROW(report_html(compare({}), std::nullopt, "/runs"));
}
