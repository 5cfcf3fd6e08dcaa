#include "report/plots.h"

#include "report/figures.h"
#include "report/made_runs.h"
#include "report/scale.h"
#include "report/svg.h"
#include "support/catch.h"

using namespace tests;
using namespace trefoil::report;

namespace {

std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

// alpha × q, with a run of each combination.
std::vector<Run> grid_of(const std::vector<std::string>& alphas, const std::vector<std::string>& qs) {
  std::vector<Run> runs;
  double top1 = 60;
  for (const std::string& alpha : alphas) {
    for (const std::string& q : qs) {
      runs.push_back(made_run({{"relation.alpha", alpha}, {"selector.q", q}}, top1));
      top1 += 1;
    }
  }
  return runs;
}

}  // namespace

TEST_CASE("values spaced by factors are told from values spaced by differences", "[results]") {
  REQUIRE(log_spaced({1, 2, 4, 8}));
  REQUIRE(log_spaced({0.01, 0.03, 0.1, 0.3}));
  REQUIRE(log_spaced({64, 128, 256, 400}));
  REQUIRE_FALSE(log_spaced({1, 2, 3, 4}));
  REQUIRE_FALSE(log_spaced({0, 1, 10, 100}));
  REQUIRE_FALSE(log_spaced({1, 10}));
}

TEST_CASE("a scale puts its ends and middles in place", "[results]") {
  REQUIRE(Scale(0, 10, 100, 200).place(5) == Approx(150));
  REQUIRE(Scale(1, 100, 0, 10, true).place(10) == Approx(5));
  REQUIRE(Scale(3, 3, 0, 10).place(3) == Approx(5));
}

TEST_CASE("ticks are round and include the range", "[results]") {
  REQUIRE(round_ticks(0, 1).size() == 6);
  for (const auto& [low, high] : {std::pair(91.23, 94.61), {-17.1, 0.0}, {50.0, 50.0}, {0.001, 0.0012}, {0.0, 0.0}}) {
    const std::vector<double> ticks = round_ticks(low, high);
    REQUIRE(ticks.size() >= 2);
    REQUIRE(ticks.size() <= 10);
    REQUIRE(ticks.front() <= low + 1e-9);
    REQUIRE(ticks.back() >= high - 1e-9);
  }
  REQUIRE(tick_texts({-0.5, 0, 0.5}) == std::vector<std::string>{"−0.5", "0.0", "0.5"});
  REQUIRE(tick_texts({10, 20}) == std::vector<std::string>{"10", "20"});
}

TEST_CASE("text in pictures is escaped, and cut between characters", "[results]") {
  REQUIRE(escaped("a<b>&\"c\"") == "a&lt;b&gt;&amp;&quot;c&quot;");
  REQUIRE(fitting("αβγδε", 5 * kCharacterWidth) == "αβγδε");
  REQUIRE(fitting("αβγδεζ", 5 * kCharacterWidth) == "αβγδ…");
}

TEST_CASE("a line for each value of the other axis, and a map of both", "[results]") {
  const Comparison comparison = compare(grid_of({"1.0", "2.0", "4.0"}, {"64", "128"}));
  const std::vector<Figure> figures = axis_figures(comparison);
  REQUIRE(figures.size() == 2);
  REQUIRE(figures[0].title == "α (relation.alpha)");
  REQUIRE(figures[0].legend == std::vector<std::string>{"Q = 64", "Q = 128"});
  REQUIRE(count_of(figures[0].svg, "<polyline") == 2);
  REQUIRE(count_of(figures[0].svg, "<circle") == 6);
  REQUIRE(figures[1].legend == std::vector<std::string>{"α = 1", "α = 2", "α = 4"});
  const std::vector<Figure> maps = grid_figures(comparison);
  REQUIRE(maps.size() == 1);
  REQUIRE(count_of(maps[0].svg, "class=\"heat\"") == 6);
  REQUIRE(count_of(maps[0].svg, "class=\"ring\"") == 1);
}

TEST_CASE("of many other values the best is drawn, and a map wants every combination", "[results]") {
  std::vector<Run> runs = grid_of({"1.0", "2.0"}, {"1", "2", "3", "4", "5", "6", "7"});
  const Figure along_alpha = axis_figures(compare(runs)).at(0);
  REQUIRE(along_alpha.legend.empty());
  REQUIRE(count_of(along_alpha.svg, "<polyline") == 1);
  REQUIRE(count_of(along_alpha.svg, "<circle") == 2);
  runs.pop_back();
  REQUIRE(grid_figures(compare(runs)).empty());
}

TEST_CASE("settings with nothing in common are dots without lines", "[results]") {
  const std::vector<Figure> figures =
      axis_figures(compare({made_run({{"relation.alpha", "1.0"}, {"selector.q", "5"}}, 60),
                            made_run({{"relation.alpha", "2.5"}, {"selector.q", "7"}}, 61),
                            made_run({{"relation.alpha", "2.7"}, {"selector.q", "8"}}, 62)}));
  REQUIRE(figures.size() == 2);
  REQUIRE(count_of(figures[0].svg, "<polyline") == 0);
  REQUIRE(count_of(figures[0].svg, "<circle") == 3);
}

TEST_CASE("other settings than numbers are rows of dots", "[results]") {
  const std::vector<Figure> figures = axis_figures(
      compare({made_run({{"selector.plugin", "\"mixed\""}}, 60, "1"),
               made_run({{"selector.plugin", "\"mixed\""}}, 62, "2"), made_run({{"selector.plugin", "\"all\""}}, 61)}));
  REQUIRE(figures.size() == 1);
  REQUIRE_THAT(figures[0].svg, ContainsSubstring(">mixed<") && ContainsSubstring("61.00 ± 1.41"));
  REQUIRE(count_of(figures[0].svg, "<circle") == 2);
}

TEST_CASE("settings of an ablation, or of different plugins, make no curve", "[results]") {
  Run base = made_run({{"relation.gamma", "0.1"}}, 60);
  base.variant = "base";
  Run without = made_run({{"relation.gamma", "0.0"}}, 58);
  without.variant = "without γ";
  const Comparison comparison = compare({base, without});
  REQUIRE(axis_figures(comparison).empty());
  const std::vector<Figure> ablations = ablation_figures(comparison);
  REQUIRE(ablations.size() == 1);
  REQUIRE_THAT(ablations[0].svg, ContainsSubstring(">without γ<") && ContainsSubstring(">−2.00<"));

  const std::vector<Figure> of_plugins =
      axis_figures(compare({made_run({{"relation.plugin", "\"ape\""}, {"relation.alpha", "4.0"}}, 60),
                            made_run({{"relation.plugin", "\"tip\""}, {"relation.alpha", "1.0"}}, 61)}));
  REQUIRE(of_plugins.size() == 1);
  REQUIRE(of_plugins[0].title == "relation.plugin");
}
