#include "search/loss_evaluator.h"

#include <limits>

#include "runtime/blocks.h"
#include "runtime/instance.h"

namespace trefoil::search {

namespace {

// logits [n, C] and labels [n] -> losses [n], as Metric defines them.
torch::Tensor losses_of(const torch::Tensor& logits, const torch::Tensor& labels, Metric metric) {
  const torch::Tensor own = labels.unsqueeze(1);
  if (metric == Metric::accuracy) {
    const torch::Tensor others = logits.scatter(1, own, -std::numeric_limits<double>::infinity());
    return (std::get<0>(others.max(1)) >= logits.gather(1, own).squeeze(1)).to(torch::kFloat);
  }
  const torch::Tensor log_probability = logits.log_softmax(1);
  const torch::Tensor own_log = log_probability.gather(1, own).squeeze(1);
  if (metric == Metric::nll) return -own_log;
  return log_probability.exp().square().sum(1) - 2 * own_log.exp() + 1;
}

// Evaluates one point after another.
LossGrid dense_loss_grid(const HeldOut& set, const Grid& grid, Metric metric, const std::vector<float>& reference,
                         int threads, const Progress& progress) {
  LossGrid losses;
  for (std::size_t point = 0; point < grid.points(); ++point) {
    losses.append_point(dense_losses(set, grid.alpha(point), grid.beta(point), grid.gamma(point), metric, threads),
                        reference);
    progress(static_cast<std::int64_t>(point) + 1, static_cast<std::int64_t>(grid.points()));
  }
  return losses;
}

}  // namespace

LossEvaluator::LossEvaluator(const std::vector<HeldOut>& sets, Metric metric, int threads)
    : sets_(sets), metric_(metric), threads_(threads) {
  for (const HeldOut& set : sets_) queries_ += set.queries->count();
}

LossGrid LossEvaluator::loss_grid(const Grid& grid, const std::vector<float>& reference,
                                  const Progress& progress) const {
  LossGrid total;
  auto first = reference.begin();
  for (const HeldOut& set : sets_) {
    const std::int64_t count = reference.empty() ? 0 : set.queries->count();
    const std::vector<float> set_reference(first, first + count);
    first += count;
    const Progress scaled = [&](std::int64_t done, std::int64_t all) {
      progress(total.queries + set.queries->count() * done / all, queries_);
    };
    total.add_queries(set.needs_all_logits() ? dense_loss_grid(set, grid, metric_, set_reference, threads_, scaled)
                                             : Kernel(set, threads_).loss_grid(grid, metric_, set_reference, scaled));
  }
  return total;
}

std::vector<float> LossEvaluator::losses(double alpha, double beta, double gamma) const {
  std::vector<float> all;
  for (const HeldOut& set : sets_) {
    const std::vector<float> losses = set.needs_all_logits()
                                          ? dense_losses(set, alpha, beta, gamma, metric_, threads_)
                                          : Kernel(set, threads_).losses(alpha, beta, gamma, metric_);
    all.insert(all.end(), losses.begin(), losses.end());
  }
  return all;
}

std::vector<std::vector<RightInterval>> LossEvaluator::intervals(const std::vector<double>& betas,
                                                                 const std::vector<double>& gammas) const {
  std::vector<std::vector<RightInterval>> all(betas.size() * gammas.size());
  for (const HeldOut& set : sets_) {
    const auto intervals = Kernel(set, threads_).intervals(betas, gammas);
    for (std::size_t pair = 0; pair < all.size(); ++pair) {
      all[pair].insert(all[pair].end(), intervals[pair].begin(), intervals[pair].end());
    }
  }
  return all;
}

std::vector<float> losses_of(const data::Queries& queries, const std::string& plugin_label, const BlockLogits& logits,
                             std::int64_t class_count, Metric metric, int threads) {
  constexpr std::int64_t kBlock = 256;
  const auto work = [&](std::int64_t first, std::int64_t count) {
    const data::QueryBlock block = queries.read(first, count);
    const torch::Tensor rows = runtime::guarded(plugin_label, "logits", [&] { return logits(first, block.features); });
    runtime::check_logits(rows, count, class_count, plugin_label);
    return losses_of(rows.to(torch::kDouble), block.labels, metric).to(torch::kFloat).contiguous();
  };
  std::vector<float> all;
  runtime::in_blocks(queries.count(), kBlock, threads, work, [&](const torch::Tensor& losses) {
    all.insert(all.end(), losses.data_ptr<float>(), losses.data_ptr<float>() + losses.numel());
  });
  return all;
}

std::vector<float> dense_losses(const HeldOut& set, double alpha, double beta, double gamma, Metric metric,
                                int threads) {
  Classifier classifier = set.classifier;
  classifier.alpha = alpha;
  classifier.beta = beta;
  classifier.gamma = gamma;
  return losses_of(
      *set.queries, set.plugin_label,
      [&](std::int64_t /*first*/, const torch::Tensor& features) { return classifier.logits(features); },
      classifier.class_count(), metric, threads);
}

}  // namespace trefoil::search
