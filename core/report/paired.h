// Paired: the difference between two methods, run by run and query by query.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

namespace trefoil::report {

// Which queries a run has classified correctly.
struct Outcomes {
  std::vector<std::uint64_t> names;  // hashes of the queries' names
  std::vector<bool> correct;
};

// Reads result.txt and ranks.txt of a run directory. Returns nothing when the queries have no labels, or when a file is
// missing or damaged.
std::optional<Outcomes> read_outcomes(const std::filesystem::path& run);

// The difference of the accuracies in percentage points. The standard error covers both the draw of the seeds and the
// draw of the queries.
struct Difference {
  double mean = 0;
  double standard_error = 0;

  // Whether the difference is larger than two standard errors.
  bool stands_out() const { return mean > 2 * standard_error || mean < -2 * standard_error; }
};

// `a` and `b` have one element for each seed, in the same order. Only queries that all runs have are compared. With
// several seeds, seeds and queries are crossed random effects, so the variance of the mean is (MS_queries + MS_seeds −
// MS_rest) / (seeds · queries), with each mean square at least MS_rest (Searle, Casella and McCulloch, Variance
// Components, 1992, chapter 4). With one seed it is the variance over the queries. Returns nothing without seeds, or
// with fewer than two common queries.
std::optional<Difference> paired_difference(const std::vector<const Outcomes*>& a,
                                            const std::vector<const Outcomes*>& b);

}  // namespace trefoil::report
