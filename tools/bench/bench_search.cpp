// bench_search FOLDER: times the grid of the reference implementation, 80,000 points (200 β, 20 α, 20 γ), at the size
// of Track 1. One run times both the search kernel and the computation of the reference, written plainly with LibTorch.
//
// FOLDER holds text_features.npy [C, D], support_4shot.npy [M, D] with its labels, and query.npy [N, D] with its
// labels; the first M queries are the validation split. The reference computes 300 points: 250 that are spread over the
// grid, and the 50 best. Its time for the whole grid is extrapolated from them. Both may use every core.
#include <ATen/ops/one_hot.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <numeric>
#include <thread>

#include "config/resolve.h"
#include "data/support_set.h"
#include "formats/array.h"
#include "runtime/blas.h"
#include "runtime/blocks.h"
#include "runtime/registry.h"
#include "search/kernel.h"
#include "search/selection.h"
#include "trefoil/channels.h"
#include "trefoil/relation.h"
#include "trefoil/selector.h"

namespace {

using namespace trefoil;
using search::Grid;

double seconds_of(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

torch::Tensor rows(const std::filesystem::path& file) {
  return unit_rows(formats::open_array(file)->read_all().to(torch::kFloat));
}

torch::Tensor labels(const std::filesystem::path& file) {
  return formats::open_array(file)->read_all().to(torch::kLong);
}

std::unique_ptr<Plugin> make(const runtime::Registry& registry, PluginKind kind, const char* name) {
  const runtime::LoadedPlugin& plugin = *registry.find(kind, name);
  Parameters::Values values;
  for (const Parameter& declared : config::section_parameters(*plugin.descriptor)) {
    if (!declared.required) values[declared.name] = config::default_value(declared);
  }
  return plugin.descriptor->create(Parameters(std::move(values)));
}

// `count` evenly spaced values from `from` to `to`, without `to`.
std::vector<double> steps(double from, double to, int count) {
  std::vector<double> values;
  values.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) values.push_back(from + i * (to - from) / count);
  return values;
}

// The values that the reference computes before its loops.
struct Reference {
  torch::Tensor similarity;  // [N, M]
  torch::Tensor zero_shot;   // [N, C]
  torch::Tensor one_hot;     // [M, C]
  torch::Tensor divergence;  // [M]
  torch::Tensor labels;      // [N]

  std::int64_t wrong(double alpha, double beta, double gamma) const {
    const torch::Tensor weighed = (divergence * gamma).exp().unsqueeze(1) * one_hot;
    const torch::Tensor cache = ((similarity - 1) * beta).exp().mm(weighed);
    return ((zero_shot + cache * alpha).argmax(1) != labels).sum().item<std::int64_t>();
  }
};

Reference reference_of(const Classifier& classifier, const torch::Tensor& queries, const torch::Tensor& truth) {
  const torch::Tensor kept = unit_rows(queries.index_select(1, classifier.channels));
  return {kept.mm(classifier.keys.t()), queries.mm(classifier.text.t()) * classifier.logit_scale,
          torch::one_hot(classifier.labels, classifier.class_count()).to(torch::kFloat), classifier.divergence, truth};
}

// Returns the point that the reference's loops choose among these points: the first best one in the order β, α, γ.
std::size_t winner(const Grid& grid, const std::vector<std::size_t>& points, const std::vector<std::int64_t>& wrong) {
  search::LossGrid losses{1, std::vector<double>(grid.points(), 1e9), {}};
  for (std::size_t i = 0; i < points.size(); ++i) losses.loss_sums[points[i]] = static_cast<double>(wrong[i]);
  return search::best_point(grid, losses, {/*first_of_ties=*/true, 0});
}

search::HeldOut held_out(const Classifier& classifier, const torch::Tensor& queries, const torch::Tensor& truth,
                         const std::filesystem::path& folder) {
  const auto labelled = std::make_shared<data::Queries>(formats::array_of(queries), folder, formats::array_of(truth),
                                                        folder, queries.size(1), classifier.class_count());
  return {classifier, "", labelled, {}, {}, {}};
}

// The 50 points with the lowest losses, and 250 that are evenly spaced.
std::vector<std::size_t> points_to_compare(const Grid& grid, const search::LossGrid& losses) {
  std::vector<std::size_t> points(grid.points());
  std::iota(points.begin(), points.end(), 0);
  std::stable_sort(points.begin(), points.end(),
                   [&](auto a, auto b) { return losses.loss_sums[a] < losses.loss_sums[b]; });
  points.resize(50);
  for (std::size_t i = 0; i < 250; ++i) points.push_back((2 * i + 1) * grid.points() / 500);
  return points;
}

using Times = std::array<double, 5>;  // in seconds, in order

// Returns the times of searches by brier, nll and accuracy, which take turns.
template <typename SearchBy>
std::array<Times, 3> times_of(const SearchBy& search_by) {
  constexpr std::array kMetrics = {search::Metric::brier, search::Metric::nll, search::Metric::accuracy};
  std::array<Times, kMetrics.size()> times{};
  for (std::size_t turn = 0; turn < std::tuple_size_v<Times>; ++turn) {
    for (std::size_t metric = 0; metric < kMetrics.size(); ++metric)
      times.at(metric).at(turn) = seconds_of([&] { search_by(kMetrics.at(metric)); });
  }
  for (Times& of_metric : times) std::sort(of_metric.begin(), of_metric.end());
  return times;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    fmt::print(stderr, "bench_search FOLDER\n");
    return 2;
  }
  runtime::restart_with_fast_blas(argv);
  const std::filesystem::path folder = argv[1];
  const runtime::Registry registry(runtime::search_path({}));
  const Support support = data::make_support(rows(folder / "text_features.npy"), rows(folder / "support_4shot.npy"),
                                             labels(folder / "support_4shot_labels.npy"), /*shots=*/0);
  const torch::Tensor queries = rows(folder / "query.npy").slice(0, 0, support.image_count());
  const torch::Tensor truth = labels(folder / "query_labels.npy").slice(0, 0, support.image_count());
  const auto selector = make(registry, PluginKind::selector, "mixed");
  const Channels channels = keep_best(dynamic_cast<const Selector&>(*selector).score(support), 400);
  const auto relation = make(registry, PluginKind::relation, "ape");
  const Classifier classifier = dynamic_cast<const Relation&>(*relation).relate(support, channels);
  const Grid grid = {steps(0.1, 7, 200), steps(0, 1, 20), steps(0.1, 7, 20)};

  const search::HeldOut set = held_out(classifier, queries, truth, folder);
  const Reference reference = reference_of(classifier, queries, truth);
  reference.wrong(1, 1, 0);  // starts the threads of the matrix products before the measurement
  search::LossGrid losses;
  const int threads = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  const auto search_all = [&](search::Metric metric) {
    losses = search::Kernel(set, threads).loss_grid(grid, metric, {}, [](auto, auto) {});
  };
  search_all(search::Metric::accuracy);

  const std::vector<std::size_t> points = points_to_compare(grid, losses);
  std::vector<std::int64_t> wrong;
  wrong.reserve(points.size());
  const double plain = seconds_of([&] {
    for (const std::size_t point : points)
      wrong.push_back(reference.wrong(grid.alpha(point), grid.beta(point), grid.gamma(point)));
  });

  runtime::use_one_thread_per_operation();
  const std::array<Times, 3> times = times_of(search_all);
  const Times& accuracy_times = times[2];

  std::size_t equal = 0;
  for (std::size_t i = 0; i < points.size(); ++i)
    equal += static_cast<double>(wrong[i]) == losses.loss_sums[points[i]] ? 1 : 0;
  const std::size_t ours = search::best_point(grid, losses, {/*first_of_ties=*/true, 0});
  const std::size_t theirs = winner(grid, points, wrong);
  const double whole = plain / static_cast<double>(points.size()) * static_cast<double>(grid.points());
  fmt::print("C = {}, M = {}, N = {}, Q = 400, {} points, {} threads\n", support.class_count(), support.image_count(),
             queries.size(0), grid.points(), threads);
  fmt::print("plain        {:9.1f} s  ({:.1f} ms per point, measured on {})\n", whole,
             1e3 * plain / static_cast<double>(points.size()), points.size());
  fmt::print("kernel       {:9.3f} s  (median of 5; {:.3f} to {:.3f})\n", accuracy_times[2], accuracy_times[0],
             accuracy_times[4]);
  fmt::print("ratio        {:9.0f}\n", whole / accuracy_times[2]);
  fmt::print("brier, nll   {:9.2f} and {:.2f} times the kernel's time by accuracy\n", times[0][2] / accuracy_times[2],
             times[1][2] / accuracy_times[2]);
  fmt::print("same counts  {} of {} points; winner α = {:.4g}, β = {:.4g}, γ = {:.4g}, {} wrong: {}\n", equal,
             points.size(), grid.alpha(ours), grid.beta(ours), grid.gamma(ours), losses.loss_sums[ours],
             ours == theirs ? "the same" : "not the winner of the plain computation");
}
