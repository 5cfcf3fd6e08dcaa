#include "search/whole_logits.h"

#include "runtime/blocks.h"
#include "runtime/instance.h"

namespace trefoil::search {

namespace {

// logits [n, C], labels [n] -> losses [n], as the row kernels define them.
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

}  // namespace

std::vector<float> losses_by_logits(const Trial& trial, double alpha, double beta, double gamma, Metric metric,
                                    int threads) {
  constexpr std::int64_t kBlock = 256;
  Classifier classifier = trial.classifier;
  classifier.alpha = alpha;
  classifier.beta = beta;
  classifier.gamma = gamma;
  const auto work = [&](std::int64_t first, std::int64_t count) {
    const data::QueryBlock block = trial.queries->read(first, count);
    const torch::Tensor logits =
        runtime::guarded(trial.plugin_label, "logits", [&] { return classifier.logits(block.features); });
    runtime::check_logits(logits, count, classifier.class_count(), trial.plugin_label);
    return losses_of(logits.to(torch::kDouble), block.labels, metric).to(torch::kFloat).contiguous();
  };
  std::vector<float> all;
  runtime::in_blocks(trial.queries->count(), kBlock, threads, work, [&](const torch::Tensor& part) {
    all.insert(all.end(), part.data_ptr<float>(), part.data_ptr<float>() + part.numel());
  });
  return all;
}

}  // namespace trefoil::search
