// LossGrid: the losses of many settings of α, β and γ on the same queries.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace trefoil::search {

// The loss of one query. Smaller is better.
enum class Metric {
  brier,     // Σ_c (p_c − [c is the right class])², at most 2, so that no single query decides the search
  nll,       // −log p of the right class
  accuracy,  // 1 when another class has the largest logit or ties with the right one, else 0
};

// For fixed β and γ, a query is classified correctly for from < α < to, and for no other α.
struct RightInterval {
  float from;
  float to;
};

// The settings of α, β and γ that the search tries: every β with every γ, and the values of α for each such pair. A
// point is one setting of all three. Points are numbered with β slowest, then γ, then α.
struct Grid {
  std::vector<double> betas;
  std::vector<double> gammas;
  std::vector<double> alphas;  // [A], ascending, the same for every pair; with `alpha_of_pair`, one for each pair
  bool alpha_of_pair = false;

  std::size_t pairs() const { return betas.size() * gammas.size(); }
  std::size_t alphas_per_pair() const { return alpha_of_pair ? 1 : alphas.size(); }
  std::size_t points() const { return pairs() * alphas_per_pair(); }
  double beta(std::size_t point) const { return betas[point / alphas_per_pair() / gammas.size()]; }
  double gamma(std::size_t point) const { return gammas[point / alphas_per_pair() % gammas.size()]; }
  double alpha(std::size_t point) const { return alpha_of_pair ? alphas[point] : alphas[point % alphas_per_pair()]; }
  // The first of the `alphas_per_pair` values of α for this pair.
  const double* alphas_of(std::size_t pair) const { return alphas.data() + (alpha_of_pair ? pair : 0); }
};

// Consecutive values of β, γ and α of a larger grid.
struct GridPart {
  Grid grid;
  std::size_t first_beta = 0;
  std::size_t first_gamma = 0;
  std::size_t first_alpha = 0;

  // The number that a point of this part has in the whole grid.
  std::size_t point_in(const Grid& whole, std::size_t point) const;
};

// Splits a grid into parts of at most `most_points` points each.
std::vector<GridPart> parts_of(const Grid& grid, std::size_t most_points);

// Sums over the queries, for every point of a grid. The reference is one setting whose loss on each query is known.
struct LossGrid {
  std::int64_t queries = 0;
  std::vector<double> loss_sums;            // [points], Σ loss
  std::vector<double> squared_differences;  // [points], Σ (loss − loss of the reference)²; empty without a reference

  double mean(std::size_t point) const { return loss_sums[point] / static_cast<double>(queries); }

  // The standard error of mean(point) − reference_mean, from the paired differences of the queries. `reference_mean` is
  // the mean loss of the reference.
  double standard_error(std::size_t point, double reference_mean) const;

  // Adds the sums of the same points over more queries.
  void add_queries(const LossGrid& other);

  // Appends one point, given its loss for each query. `reference` has the losses of the reference, or is empty.
  void append_point(const std::vector<float>& losses, const std::vector<float>& reference);

  // Copies the sums of one part of the grid `whole` to their places.
  void insert(const LossGrid& part_losses, const GridPart& part, const Grid& whole);
};

// Returns the mean of at least one loss.
double mean_of(const std::vector<float>& losses);

// Adds up the losses of one query after another.
class LossAccumulator {
 public:
  // `has_reference`: every call of `add` has a reference. The grid must outlive the accumulator.
  LossAccumulator(const Grid& grid, Metric metric, bool has_reference);

  // Adds a query's loss at one point. For Metric::brier and Metric::nll. `reference` is the query's loss under the
  // reference setting, or nullptr.
  void add(std::size_t point, float loss, const float* reference);

  // Adds a query's loss at all points of one pair of β and γ. For Metric::accuracy.
  void add(std::size_t pair, const RightInterval& right, const float* reference);

  void add(const LossAccumulator& other);
  LossGrid loss_grid(std::int64_t queries) const;

 private:
  const Grid* grid_;
  // Metric::accuracy counts in integers: the changes, from one α to the next, of the number of queries that are wrong,
  // and of the number that differ from the reference [pairs][A + 1]. The other metrics add up losses [points]. Vectors
  // that the metric does not use are empty.
  std::vector<std::int32_t> wrong_;
  std::vector<std::int32_t> differing_;
  std::vector<double> loss_sums_;
  std::vector<double> squared_differences_;
};

}  // namespace trefoil::search
