#include "report/paired.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <iterator>
#include <string>
#include <string_view>

#include "base/atomic_file.h"
#include "base/errors.h"

namespace trefoil::report {

namespace {

// Calls `use` with every line.
template <typename Use>
void for_each_line(std::string_view text, Use use) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    use(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

using Names = std::vector<std::uint64_t>;

Names sorted(Names names) {
  std::sort(names.begin(), names.end());
  return names;
}

// The names that all runs have, sorted.
Names common_names(const std::vector<const Outcomes*>& runs) {
  Names common = sorted(runs.front()->names);
  for (const Outcomes* run : runs) {
    const Names own = sorted(run->names);
    Names both;
    std::set_intersection(common.begin(), common.end(), own.begin(), own.end(), std::back_inserter(both));
    common = std::move(both);
  }
  common.erase(std::unique(common.begin(), common.end()), common.end());
  return common;
}

// 1 for every correct query of `names`, in their order. `names` is sorted.
std::vector<double> correct_of(const Outcomes& run, const Names& names) {
  std::vector<double> correct(names.size());
  for (std::size_t i = 0; i < run.names.size(); ++i) {
    const auto found = std::lower_bound(names.begin(), names.end(), run.names[i]);
    if (found != names.end() && *found == run.names[i])
      correct[static_cast<std::size_t>(found - names.begin())] = run.correct[i] ? 1 : 0;
  }
  return correct;
}

// Differences of one seed [queries].
using Row = std::vector<double>;

double mean_of(const Row& row) {
  double sum = 0;
  for (const double value : row) sum += value;
  return sum / static_cast<double>(row.size());
}

// Σ (value − centre)²
double squares_around(const Row& row, double centre) {
  double sum = 0;
  for (const double value : row) sum += (value - centre) * (value - centre);
  return sum;
}

double variance_of_mean(const std::vector<Row>& rows, double mean) {
  const auto seeds = static_cast<double>(rows.size());
  const auto queries = static_cast<double>(rows.front().size());
  if (rows.size() == 1) return squares_around(rows.front(), mean) / (queries - 1) / queries;
  Row by_seed;
  Row by_query(rows.front().size(), 0);
  double total = 0;
  for (const Row& row : rows) {
    by_seed.push_back(mean_of(row));
    total += squares_around(row, mean);
    for (std::size_t i = 0; i < row.size(); ++i) by_query[i] += row[i] / seeds;
  }
  const double squares_of_seeds = queries * squares_around(by_seed, mean);
  const double squares_of_queries = seeds * squares_around(by_query, mean);
  const double rest = std::max(0.0, total - squares_of_seeds - squares_of_queries) / ((seeds - 1) * (queries - 1));
  const double of_seeds = std::max(squares_of_seeds / (seeds - 1), rest);
  const double of_queries = std::max(squares_of_queries / (queries - 1), rest);
  return (of_seeds + of_queries - rest) / (seeds * queries);
}

}  // namespace

std::optional<Outcomes> read_outcomes(const std::filesystem::path& run) {
  Outcomes outcomes;
  try {
    const std::string results = base::read_text(run / "result.txt");
    const std::string ranks = base::read_text(run / "ranks.txt");
    for_each_line(results, [&](std::string_view line) {
      outcomes.names.push_back(std::hash<std::string_view>()(line.substr(0, line.find(' '))));
    });
    for_each_line(ranks, [&](std::string_view line) { outcomes.correct.push_back(line == "1"); });
  } catch (const DataError&) {
    return std::nullopt;
  }
  return outcomes.names.size() == outcomes.correct.size() ? std::optional(std::move(outcomes)) : std::nullopt;
}

std::optional<Difference> paired_difference(const std::vector<const Outcomes*>& a,
                                            const std::vector<const Outcomes*>& b) {
  if (a.empty() || a.size() != b.size()) return std::nullopt;
  std::vector<const Outcomes*> all = a;
  all.insert(all.end(), b.begin(), b.end());
  const Names names = common_names(all);
  if (names.size() < 2) return std::nullopt;
  std::vector<Row> rows;
  double mean = 0;
  for (std::size_t seed = 0; seed < a.size(); ++seed) {
    Row row = correct_of(*a[seed], names);
    const std::vector<double> other = correct_of(*b[seed], names);
    for (std::size_t i = 0; i < row.size(); ++i) row[i] = 100 * (row[i] - other[i]);
    mean += mean_of(row) / static_cast<double>(a.size());
    rows.push_back(std::move(row));
  }
  return Difference{mean, std::sqrt(variance_of_mean(rows, mean))};
}

}  // namespace trefoil::report
