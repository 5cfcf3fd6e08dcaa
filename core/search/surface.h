// Surface: what a search measures, for many settings of α, β and γ at once.
#pragma once

#include <cstdint>
#include <vector>

namespace trefoil::search {

// How one query counts, less being better.
enum class Metric {
  brier,     // Σ_c (p_c − [c is right])², bounded by 2: no single query decides
  nll,       // −log p of the right class
  accuracy,  // 1 when another class is first, or ties with the right one
};

// The settings that are tried: every β with every γ, and for each such pair its α.
struct Grid {
  std::vector<double> betas;
  std::vector<double> gammas;
  std::vector<double> alphas;  // [A], ascending, the same for every pair; or, if `alpha_of_pair`, one for each pair
  bool alpha_of_pair = false;

  std::size_t pairs() const { return betas.size() * gammas.size(); }
  std::size_t alphas_per_pair() const { return alpha_of_pair ? 1 : alphas.size(); }
  std::size_t points() const { return pairs() * alphas_per_pair(); }
  // Points are numbered β by β, within it γ by γ, within it α by α.
  double beta(std::size_t point) const { return betas[point / alphas_per_pair() / gammas.size()]; }
  double gamma(std::size_t point) const { return gammas[point / alphas_per_pair() % gammas.size()]; }
  double alpha(std::size_t point) const { return alpha_of_pair ? alphas[point] : alphas[point % alphas_per_pair()]; }
  const double* alphas_of(std::size_t pair) const { return alphas.data() + (alpha_of_pair ? pair : 0); }
};

// Over the same queries, for every point of a grid: sums of their losses l, and, against the losses r of a reference,
// of (l − r)².
struct Surface {
  std::int64_t queries = 0;
  std::vector<double> loss;        // [points]
  std::vector<double> difference;  // [points], or empty without a reference

  double mean(std::size_t point) const { return loss[point] / static_cast<double>(queries); }
  // Of the mean difference from the reference, whose mean loss is given.
  double standard_error(std::size_t point, double reference_mean) const;

  // The same points on more queries.
  void add(const Surface& other);
  // One more point on the same queries: its losses, and those of a reference, which may be empty.
  void append(const std::vector<float>& losses, const std::vector<float>& reference);
};

// The α between which a query is right, for given β and γ: from the first to the second, both excluded.
struct RightInterval {
  float from;
  float to;
};

}  // namespace trefoil::search
