#include "search/judge.h"

#include "search/whole_logits.h"

namespace trefoil::search {

namespace {

// The sums of one trial's losses, point after point.
Surface surface_by_logits(const Trial& trial, const Grid& grid, Metric metric, const std::vector<float>& reference,
                          int threads, const Progress& progress) {
  Surface surface;
  for (std::size_t point = 0; point < grid.points(); ++point) {
    surface.append(losses_by_logits(trial, grid.alpha(point), grid.beta(point), grid.gamma(point), metric, threads),
                   reference);
    progress(static_cast<std::int64_t>(point) + 1, static_cast<std::int64_t>(grid.points()));
  }
  return surface;
}

}  // namespace

Judge::Judge(const std::vector<Trial>& trials, Metric metric, int threads)
    : trials_(trials), metric_(metric), threads_(threads) {
  for (const Trial& trial : trials_) queries_ += trial.queries->count();
}

Surface Judge::surface(const Grid& grid, const std::vector<float>& reference, const Progress& progress) const {
  Surface total;
  auto part = reference.begin();
  for (const Trial& trial : trials_) {
    const std::int64_t count = reference.empty() ? 0 : trial.queries->count();
    const std::vector<float> its_reference(part, part + count);
    part += count;
    const Progress scaled = [&](std::int64_t done, std::int64_t all) {
      progress(total.queries + trial.queries->count() * done / all, queries_);
    };
    total.add(trial.classifier.custom_logits ? surface_by_logits(trial, grid, metric_, its_reference, threads_, scaled)
                                             : Kernel(trial, threads_).surface(grid, metric_, its_reference, scaled));
  }
  return total;
}

std::vector<float> Judge::losses(double alpha, double beta, double gamma) const {
  std::vector<float> all;
  for (const Trial& trial : trials_) {
    const std::vector<float> part = trial.classifier.custom_logits
                                        ? losses_by_logits(trial, alpha, beta, gamma, metric_, threads_)
                                        : Kernel(trial, threads_).losses(alpha, beta, gamma, metric_);
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

std::vector<std::vector<RightInterval>> Judge::intervals(const std::vector<double>& betas,
                                                         const std::vector<double>& gammas) const {
  std::vector<std::vector<RightInterval>> all(betas.size() * gammas.size());
  for (const Trial& trial : trials_) {
    const auto part = Kernel(trial, threads_).intervals(betas, gammas);
    for (std::size_t pair = 0; pair < all.size(); ++pair) {
      all[pair].insert(all[pair].end(), part[pair].begin(), part[pair].end());
    }
  }
  return all;
}

}  // namespace trefoil::search
