// The table of methods and shots, in all its forms.
#include "report/pivot.h"

#include "base/errors.h"
#include "report/made_runs.h"
#include "report/pivot_chart.h"
#include "report/pivot_csv.h"
#include "report/pivot_latex.h"
#include "report/pivot_markdown.h"
#include "report/pivot_text.h"
#include "report/published.h"
#include "support/catch.h"

using namespace tests;
using namespace trefoil::report;

namespace {

using Texts = std::vector<std::string>;

Run run_of(const std::string& dataset, const std::string& method, int shots, int seed, double top1) {
  return made_run(
      {{"dataset", "\"" + dataset + "\""}, {"method", "\"" + method + "\""}, {"data.shots", std::to_string(shots)}},
      top1, std::to_string(seed));
}

// Two data sets, two methods, two numbers of shots, two seeds. "GDA" has no run on B with 4 shots.
std::vector<Run> benchmark() {
  std::vector<Run> runs;
  double top1 = 50;
  for (const char* dataset : {"A", "B"}) {
    for (const char* method : {"Tip", "GDA"}) {
      for (const int shots : {1, 4}) {
        for (const int seed : {1, 2}) {
          top1 += 1;
          const bool is_missing = std::string(dataset) == "B" && std::string(method) == "GDA" && shots == 4;
          if (!is_missing) runs.push_back(run_of(dataset, method, shots, seed, top1));
        }
      }
    }
  }
  return runs;
}

Comparison compared(const std::vector<Run>& runs) {
  return compare(runs, std::vector<std::string>{"data.shots", "dataset", "method", "seed"});
}

Pivot made_pivot() { return *pivot_of(compared(benchmark())); }

}  // namespace

TEST_CASE("a table has methods as rows, shots as columns, and a block for each data set", "[results]") {
  const Pivot pivot = made_pivot();
  REQUIRE(pivot.rows == Texts{"Tip", "GDA"});
  REQUIRE(pivot.columns == Texts{"1", "4"});
  REQUIRE(pivot.column_title == "shots");
  REQUIRE(pivot.column_numbers == std::vector<double>{1, 4});
  REQUIRE(pivot.blocks.size() == 3);
  REQUIRE(pivot.blocks[0].name == "A");
  REQUIRE(pivot.blocks[2].name == "average");
  REQUIRE(pivot.blocks[0].values[0][0]->accuracy.mean == Approx(51.5));
  REQUIRE(pivot.blocks[0].values[0][0]->accuracy.deviation == Approx(std::sqrt(0.5)));
}

TEST_CASE("the average is taken seed by seed, and only where every data set has a value", "[results]") {
  const Pivot pivot = made_pivot();
  // Tip with 1 shot: seed 1 is (51 + 59) / 2, seed 2 is (52 + 60) / 2.
  REQUIRE(pivot.blocks[2].values[0][0]->accuracy.mean == Approx(55.5));
  REQUIRE(pivot.blocks[2].values[0][0]->accuracy.deviation == Approx(std::sqrt(0.5)));
  REQUIRE(pivot.blocks[2].values[1][0].has_value());
  REQUIRE_FALSE(pivot.blocks[2].values[1][1].has_value());
}

TEST_CASE("the best and the second of each column are marked", "[results]") {
  std::vector<Run> runs;
  for (const auto& [method, top1] : {std::pair("a", 70.001), {"b", 80.0}, {"c", 70.0}, {"d", 60.0}}) {
    runs.push_back(run_of("A", method, 1, 1, top1));
    runs.push_back(run_of("A", method, 2, 1, top1));
  }
  const PivotBlock block = pivot_of(compared(runs))->blocks.front();
  REQUIRE(block.values[1][0]->mark == Mark::best);
  REQUIRE(block.values[0][0]->mark == Mark::second);
  REQUIRE(block.values[2][0]->mark == Mark::second);  // both are printed as 70.00
  REQUIRE(block.values[3][0]->mark == Mark::none);
}

TEST_CASE("the axes of the table can be chosen", "[results]") {
  Comparison comparison = compared(benchmark());
  comparison.choice.columns = {"method"};
  comparison.choice.blocks = {"data.shots"};
  const Pivot pivot = *pivot_of(comparison);
  REQUIRE(pivot.columns == Texts{"Tip", "GDA"});
  REQUIRE(pivot.rows == Texts{"A", "B"});
  REQUIRE(pivot.blocks[0].name == "1");
  REQUIRE(charted_rows(pivot).empty());  // methods are no numbers

  comparison.choice.columns = {"data.shot"};
  REQUIRE_THROWS_WITH(pivot_of(comparison), ContainsSubstring("did you mean 'data.shots'?"));
  comparison.choice = {};
  comparison.choice.baseline = "Tap";
  REQUIRE_THAT(pivot_of(comparison)->note, ContainsSubstring("did you mean 'Tip'?"));
  REQUIRE(pivot_of(comparison)->baseline == 1);
}

TEST_CASE("unrelated runs make a table too, but random draws do not", "[results]") {
  std::vector<Run> runs;
  for (const char* root : {"/data/one", "/data/two"}) {
    for (const char* shots : {"1", "2"}) {
      for (const char* plugin : {"\"tip\"", "\"ape\""})
        runs.push_back(made_run(
            {{"data.root", "\"" + std::string(root) + "\""}, {"data.shots", shots}, {"relation.plugin", plugin}}, 50));
      runs.back().provenance.data_sha256 = root;
    }
  }
  const Pivot pivot = *pivot_of(compare(runs));
  REQUIRE(pivot.blocks[0].name == "one");
  REQUIRE(pivot.rows == Texts{"tip", "ape"});

  std::vector<Run> draws(9);
  for (int i = 0; i < 9; ++i)
    draws[i] = made_run({{"relation.alpha", std::to_string(i)}, {"relation.beta", std::to_string(10 - i)}}, i);
  REQUIRE_FALSE(pivot_of(compare(draws)));
}

TEST_CASE("the table as Markdown, CSV and LaTeX", "[results]") {
  const Pivot pivot = made_pivot();
  const std::string markdown = pivot_markdown(pivot);
  REQUIRE_THAT(markdown, ContainsSubstring("### A\n\n| method | 1 | 4 |\n| --- | --: | --: |\n"));
  REQUIRE_THAT(markdown, ContainsSubstring("| Tip | <u>51.50 ± 0.71</u> | <u>53.50 ± 0.71</u> |\n"));
  REQUIRE_THAT(markdown, ContainsSubstring("| GDA | **55.50 ± 0.71** | **57.50 ± 0.71** |\n"));
  REQUIRE_THAT(pivot_csv(pivot), ContainsSubstring("block,method,1,1 ±,4,4 ±\nA,Tip,51.5,0.7071067811865476,"));
  REQUIRE_THAT(pivot_csv(pivot), ContainsSubstring("B,GDA,63.5,0.7071067811865476,,\n"));
  const std::string latex = pivot_latex(pivot);
  REQUIRE_THAT(latex, ContainsSubstring("\\begin{tabular}{lrr}\n\\toprule\nmethod & 1 & 4 \\\\\n"));
  REQUIRE_THAT(latex, ContainsSubstring("\\multicolumn{3}{l}{\\textit{A}}"));
  REQUIRE_THAT(latex, ContainsSubstring("GDA & \\textbf{55.50 $\\pm$ 0.71}"));
  REQUIRE_THAT(pivot_terminal_text(pivot), ContainsSubstring("average             1             4\n"));
}

TEST_CASE("names in LaTeX are text", "[results]") {
  std::vector<Run> runs;
  for (const int shots : {1, 2}) {
    runs.push_back(run_of("A", "50 % & #1 {x}_y~^\\\\z β", shots, 1, 50));
    runs.push_back(run_of("A", "b", shots, 1, 60));
  }
  REQUIRE_THAT(pivot_latex(*pivot_of(compared(runs))),
               ContainsSubstring("50 \\% \\& \\#1 \\{x\\}\\_y\\textasciitilde{}\\textasciicircum{}\\textbackslash{}z "
                                 "$\\beta$ & "));
}

TEST_CASE("the figure has a line for each method, and stands alone as a file", "[results]") {
  const Pivot pivot = made_pivot();
  const std::vector<std::size_t> rows = charted_rows(pivot);
  REQUIRE(rows == std::vector<std::size_t>{0, 1});
  const std::string panel = pivot_panel(pivot, 0, rows);
  REQUIRE_THAT(panel, ContainsSubstring(R"(<polyline class="s2")"));
  REQUIRE_THAT(panel, ContainsSubstring("GDA, shots = 4: 57.50 ± 0.71 %"));
  const std::string figure = pivot_figure(pivot, {0, 1, 2}, rows);
  REQUIRE_THAT(figure, ContainsSubstring(R"(<svg xmlns="http://www.w3.org/2000/svg" width="960")"));
  REQUIRE_THAT(figure, ContainsSubstring("polyline.s2,line.s2{stroke:#"));
  REQUIRE_THAT(figure, ContainsSubstring(">average</text>"));
}

TEST_CASE("published accuracies stand beside the rows of their data set", "[results]") {
  const TemporaryFolder folder;
  Comparison comparison = compared(benchmark());
  comparison.choice.reference = folder.write("reference.csv",
                                             "source,method,dataset,shots,accuracy\nx,Paper,a,4,60.5\nx,CLIP,B,,40\n"
                                             "x,Paper,C,4,1\nx,Paper,A,8,2\n");
  const Pivot pivot = *pivot_of(comparison);
  REQUIRE(pivot.blocks[0].published.size() == 1);
  REQUIRE_FALSE(pivot.blocks[0].published[0].values[0]);
  REQUIRE(pivot.blocks[0].published[0].values[1] == 60.5);
  REQUIRE(pivot.blocks[1].published[0].values[0] == 40);  // zero-shot, so it is in every column
  REQUIRE(pivot.blocks[2].published.empty());
  REQUIRE_THAT(pivot_markdown(pivot), ContainsSubstring("| *Paper* | – | *60.50* |\n\nPublished: x.\n"));
  REQUIRE_THAT(pivot_latex(pivot), ContainsSubstring("\\textcolor{gray}{60.50}"));
}

TEST_CASE("a mistake in the file of published accuracies is reported with its line", "[results]") {
  const TemporaryFolder folder;
  const auto refused = [&](const std::string& text, const std::string& reason) {
    CAPTURE(text);
    REQUIRE_THROWS_WITH(read_published(folder.write("reference.csv", text)), ContainsSubstring(reason));
  };
  refused("", "the file is empty");
  refused("method,dataset,shots,accuracy\n", "reference.csv:1: there is no column 'source'");
  refused("method,dataset,shots,accuracy,source\na,b,1,50\n",
          "reference.csv:2: this line has another number of fields");
  refused("method,dataset,shots,accuracy,source\na,b,x,50,c\n", "reference.csv:2: 'shots' is not a number: x");
  refused("method,dataset,shots,accuracy,source\na,b,1,500,c\n", "reference.csv:2: 'accuracy' is not a percentage");
  refused("method,dataset,shots,accuracy,source\na,b,1,,c\n", "'accuracy' is not a percentage");
}
