// The difference between two methods, paired by seed and query.
#include "report/paired.h"

#include "support/catch.h"
#include "support/files.h"

using namespace tests;
using namespace trefoil::report;

namespace {

using Correct = std::vector<bool>;

Outcomes outcomes(const std::vector<std::uint64_t>& names, const Correct& correct) { return {names, correct}; }

Outcomes outcomes(const Correct& correct) {
  std::vector<std::uint64_t> names;
  for (std::size_t i = 0; i < correct.size(); ++i) names.push_back(100 + i);
  return {names, correct};
}

void write_outcomes(const TemporaryFolder& folder, const std::string& results, const std::string& ranks) {
  folder.write("result.txt", results);
  folder.write("ranks.txt", ranks);
}

}  // namespace

TEST_CASE("with one seed, the standard error is that of the mean over the queries", "[results]") {
  const Outcomes a = outcomes(Correct{true, true, true, false});
  const Outcomes b = outcomes(Correct{true, false, false, true});
  const auto difference = paired_difference({&a}, {&b});
  // d = 0, 100, 100, −100: mean 25, variance (625 + 5625 + 5625 + 15625) / 3
  REQUIRE(difference->mean == Approx(25));
  REQUIRE(difference->standard_error == Approx(std::sqrt(27500.0 / 3 / 4)));
  REQUIRE_FALSE(difference->stands_out());
}

TEST_CASE("with several seeds, the variances of seeds and queries are added as crossed effects", "[results]") {
  const std::vector<Outcomes> a = {outcomes(Correct{true, true, false}), outcomes(Correct{true, false, true})};
  const std::vector<Outcomes> b = {outcomes(Correct{false, true, false}), outcomes(Correct{false, false, false})};
  const auto difference = paired_difference({&a[0], &a[1]}, {&b[0], &b[1]});
  // d = (100, 0, 0), (100, 0, 100); mean 50; means of seeds 33.3, 66.7; of queries 100, 0, 50.
  // SS seeds 3 · 2 · 16.67² = 1666.7; SS queries 2 · (2500 + 2500) = 10000; SS total 6 · 2500 = 15000; SS rest 3333.3.
  // MS: 1666.7, 5000, 1666.7.
  REQUIRE(difference->mean == Approx(50));
  REQUIRE(difference->standard_error == Approx(std::sqrt((5000.0 / 3 + 5000 - 5000.0 / 3) / 6)));
}

TEST_CASE("a method that is always better stands out, and equal methods do not", "[results]") {
  const Outcomes right = outcomes(Correct(50, true));
  const Outcomes wrong = outcomes(Correct(50, false));
  const auto better = paired_difference({&right, &right}, {&wrong, &wrong});
  REQUIRE(better->mean == Approx(100));
  REQUIRE(better->standard_error == 0);
  REQUIRE(better->stands_out());
  REQUIRE(paired_difference({&wrong}, {&right})->stands_out());
  REQUIRE_FALSE(paired_difference({&right}, {&right})->stands_out());
}

TEST_CASE("only the queries that all runs have are compared, in any order", "[results]") {
  const Outcomes a = outcomes({1, 2, 3, 9}, {true, true, false, true});
  const Outcomes b = outcomes({3, 2, 1, 7}, {false, true, false, true});
  REQUIRE(paired_difference({&a}, {&b})->mean == Approx(100.0 / 3));
  const Outcomes other = outcomes({50, 51}, {true, true});
  REQUIRE_FALSE(paired_difference({&a}, {&other}));
  REQUIRE_FALSE(paired_difference({}, {}));
}

TEST_CASE("outcomes are read from result.txt and ranks.txt", "[results]") {
  const TemporaryFolder folder;
  write_outcomes(folder, "a.jpg 1 2 3\nb c.jpg 4 5 6\nd.jpg 7 8 9\n", "1\n0\n3\n");
  const auto read = read_outcomes(folder.path());
  REQUIRE(read->correct == Correct{true, false, false});
  REQUIRE(read->names.size() == 3);
  write_outcomes(folder, "a.jpg 1 2 3\n", "1\n0\n");  // cut short
  REQUIRE_FALSE(read_outcomes(folder.path()));
  REQUIRE_FALSE(read_outcomes(folder / "missing"));
}
