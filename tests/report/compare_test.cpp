#include "report/compare.h"

#include "report/ablation.h"
#include "report/made_runs.h"
#include "report/notes.h"
#include "support/catch.h"

using namespace tests;
using namespace trefoil::report;

namespace {

using Texts = std::vector<std::string>;

Texts axis_keys(const Comparison& comparison) {
  Texts keys;
  for (const Axis& axis : comparison.axes) keys.push_back(axis.key);
  return keys;
}

Run of_variant(const std::string& variant, double top1, const std::string& seed) {
  Run run = made_run({}, top1, seed);
  run.variant = variant;
  return run;
}

std::string joined(const Texts& texts) {
  std::string all;
  for (const std::string& text : texts) all += text + "\n";
  return all;
}

}  // namespace

TEST_CASE("mean and standard deviation are those of the textbook", "[results]") {
  const Spread spread = spread_of({2, 4, 4, 4, 5, 5, 7, 9});
  REQUIRE(spread.mean == Approx(5));
  REQUIRE(spread.deviation == Approx(std::sqrt(32.0 / 7)));
  REQUIRE(spread.count == 8);
  REQUIRE(spread_text(spread) == "5.00 ± 2.14");
  REQUIRE(spread_of({3}).deviation == 0);
  REQUIRE(spread_text(spread_of({3})) == "3.00");
  REQUIRE(spread_of({}).count == 0);
}

TEST_CASE("a lower loss does not make a cell the best, and metrics have an order", "[results]") {
  Run accurate = made_run({{"relation.alpha", "1.0"}}, 80);
  Run calibrated = made_run({{"relation.alpha", "2.0"}}, 70);
  accurate.metrics["test.nll"] = 3;
  accurate.metrics["test.ece"] = 30;
  calibrated.metrics["test.nll"] = 1;
  calibrated.metrics["test.ece"] = 1;
  for (Run* run : {&accurate, &calibrated}) run->metrics["test.top1.CARS"] = 5;
  const Comparison comparison = compare({calibrated, accurate});
  REQUIRE(comparison.cells.at(*comparison.best).accuracy()->mean == 80);
  REQUIRE(comparison.metrics == Texts{"test.top1", "test.top5", "test.ece", "test.nll", "test.top1.CARS"});
}

TEST_CASE("settings that differ are the axes, numbers rising and others as first seen", "[results]") {
  const Comparison comparison = compare({made_run({{"relation.alpha", "10.0"}, {"selector.plugin", "\"b\""}}, 1),
                                         made_run({{"relation.alpha", "2.0"}, {"selector.plugin", "\"a\""}}, 2),
                                         made_run({{"relation.alpha", "2.0"}, {"selector.plugin", "\"b\""}}, 3)});
  REQUIRE(axis_keys(comparison) == Texts{"relation.alpha", "selector.plugin"});
  REQUIRE(comparison.axes[0].numeric);
  REQUIRE(comparison.axes[0].values == Texts{"2.0", "10.0"});
  REQUIRE_FALSE(comparison.axes[1].numeric);
  REQUIRE(comparison.axes[1].values == Texts{"\"b\"", "\"a\""});
  REQUIRE(comparison.title == "made up");
}

TEST_CASE("what only follows from a plugin or names the run is no axis", "[results]") {
  Run first = made_run({{"relation.plugin", "\"ape\""}, {"relation.gamma", "0.1"}, {"data.root", "\"/a\""}}, 1);
  Run second = made_run({{"relation.plugin", "\"tip\""}, {"data.root", "\"/b\""}}, 2);
  second.settings["name"] = "\"another\"";
  REQUIRE(axis_keys(compare({first, second})) == Texts{"relation.plugin"});

  second.provenance.data_sha256 = "other";
  REQUIRE(axis_keys(compare({first, second})) == Texts{"data.root", "relation.plugin"});

  Run third = first;
  third.settings["relation.gamma"] = "0.2";
  REQUIRE(axis_keys(compare({first, third, second})) == Texts{"data.root", "relation.gamma", "relation.plugin"});
}

TEST_CASE("a section that only some runs have tells them apart", "[results]") {
  const Run searched = made_run({{"search.objective", "\"loo\""}, {"search.tolerance", "1.0"}}, 1);
  const Comparison comparison = compare({made_run({}, 2), searched});
  REQUIRE(axis_keys(comparison) == Texts{"search.objective"});
  REQUIRE(comparison.axes[0].values == Texts{"\"loo\"", ""});
  REQUIRE(comparison.cells.size() == 2);
}

TEST_CASE("runs that differ in their seed are one cell", "[results]") {
  const Comparison comparison =
      compare({made_run({{"selector.q", "8"}}, 80, "1"), made_run({{"selector.q", "16"}}, 90, "1"),
               made_run({{"selector.q", "8"}}, 84, "2"), made_run({{"selector.q", "16"}}, 91, "2")});
  REQUIRE(axis_keys(comparison) == Texts{"selector.q"});
  REQUIRE(comparison.has_seeds);
  REQUIRE(comparison.cells.size() == 2);
  REQUIRE(comparison.cells[0].values == Texts{"8"});
  REQUIRE(comparison.cells[0].runs == std::vector<std::size_t>{0, 2});
  REQUIRE(comparison.cells[0].accuracy()->mean == Approx(82));
  REQUIRE(comparison.cells[0].accuracy()->deviation == Approx(std::sqrt(8.0)));
  REQUIRE(comparison.cells[0].metrics.at("test.top5").mean == Approx(87));
  REQUIRE(comparison.best == 1U);
  REQUIRE(comparison.metrics == Texts{"test.top1", "test.top5"});
}

TEST_CASE("a seed that changes nothing is reported, and gives no deviation", "[results]") {
  const Run small = made_run({{"selector.q", "8"}}, 83.1, "1");
  const Run large = made_run({{"selector.q", "16"}}, 90, "1");
  Run small_again = made_run({{"selector.q", "8"}}, 83.1, "2");
  Run large_again = made_run({{"selector.q", "16"}}, 90, "2");
  const Comparison same = compare({small, large, small_again, large_again});
  REQUIRE(spread_text(*same.cells[0].accuracy()) == "83.10");
  REQUIRE_THAT(joined(notes_of(same)), ContainsSubstring("the seed changes nothing"));
  large_again.metrics["test.top1"] = 91;
  const Comparison different = compare({small, large, small_again, large_again});
  REQUIRE(different.cells[1].accuracy()->deviation > 0);
  REQUIRE(note_on_seeds(different).empty());
  REQUIRE(note_on_seeds(compare({small, large})).empty());
  Run unlabelled = small;
  Run unlabelled_again = small_again;
  unlabelled.metrics.clear();
  unlabelled_again.metrics.clear();
  REQUIRE(note_on_seeds(compare({unlabelled, unlabelled_again})).empty());
}

TEST_CASE("failed runs are counted and never the best", "[results]") {
  const Comparison comparison =
      compare({failed_run({{"selector.q", "4"}}, "out of memory"), failed_run({{"selector.q", "8"}}, "out of memory"),
               made_run({{"selector.q", "8"}}, 50, "2"), failed_run({}, "no config")});
  REQUIRE(comparison.cells.size() == 3);
  REQUIRE(comparison.cells[0].done == 0);
  REQUIRE(comparison.cells[0].accuracy() == nullptr);
  REQUIRE(comparison.cells[1].done == 1);
  REQUIRE(comparison.cells[1].runs.size() == 2);
  REQUIRE(comparison.best == 1U);
  REQUIRE(count_text(comparison.runs) == "4 runs: 1 done, 3 failed");
  const std::string notes = joined(notes_of(comparison));
  REQUIRE_THAT(notes, ContainsSubstring("2 of 4 runs failed: out of memory"));
  REQUIRE_THAT(notes, ContainsSubstring("1 of 4 runs failed: no config"));
}

TEST_CASE("no run, and runs without labels, compare to nothing best", "[results]") {
  REQUIRE_FALSE(compare({}).best);
  Run run = made_run({}, 1);
  run.metrics.clear();
  const Comparison comparison = compare({run});
  REQUIRE(comparison.cells.size() == 1);
  REQUIRE_FALSE(comparison.best);
}

TEST_CASE("the reader is told what makes a comparison doubtful", "[results]") {
  Run first = made_run({}, 1);
  first.warnings = {"4 classes have no images",
                    "the parameters were chosen on the test labels (search.objective = \"test\")"};
  Run second = made_run({}, 2);
  second.provenance.data_sha256 = "other";
  second.provenance.revision = "newer";
  const Texts notes = notes_of(compare({first, second}));
  REQUIRE_THAT(notes.at(0), ContainsSubstring("1 of 2 runs: the parameters were chosen on the test labels"));
  const std::string all = joined(notes);
  REQUIRE_THAT(all, ContainsSubstring("2 versions"));
  REQUIRE_THAT(all, ContainsSubstring("the data changed"));
  REQUIRE_THAT(all, ContainsSubstring("1 of 2 runs have the settings and the seed of another one"));
  REQUIRE_THAT(notes.back(), ContainsSubstring("1 of 2 runs: 4 classes have no images"));
  REQUIRE(notes_of(compare({made_run({}, 1, "1"), made_run({}, 2, "2")})).empty());
}

TEST_CASE("an ablation is the mean of the differences between runs of one seed", "[results]") {
  const Comparison comparison =
      compare({of_variant("base", 80, "1"), of_variant("base", 90, "2"), of_variant("no head", 77, "1"),
               of_variant("no head", 88, "2"), of_variant("all", 81, "1"), of_variant("all", 91, "3")});
  const std::vector<Ablation> changes = ablations(comparison);
  REQUIRE(changes.size() == 2);
  REQUIRE(changes[0].variant == "no head");
  REQUIRE(changes[0].paired);
  REQUIRE(changes[0].change.mean == Approx(-2.5));
  REQUIRE(changes[0].change.deviation == Approx(std::sqrt(0.5)));
  REQUIRE(changes[1].variant == "all");
  REQUIRE(changes[1].change.mean == Approx(1));
  REQUIRE(changes[1].change.count == 1);
}

TEST_CASE("ablations without a common seed, without a result, and without a base", "[results]") {
  Run failed = failed_run({}, "no");
  failed.variant = "failed";
  const std::vector<Ablation> changes =
      ablations(compare({of_variant("base", 80, "1"), of_variant("other seed", 83, "2"), failed}));
  REQUIRE(changes.size() == 2);
  REQUIRE_FALSE(changes[0].paired);
  REQUIRE(changes[0].change.mean == Approx(3));
  REQUIRE(changes[1].variant == "failed");
  REQUIRE(changes[1].change.count == 0);
  REQUIRE(ablations(compare({of_variant("a", 80, "1"), of_variant("b", 83, "1")})).empty());
}
