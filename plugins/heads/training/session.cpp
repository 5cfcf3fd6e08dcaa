#include "session.h"

#include <stdexcept>

#include "own_keys.h"

namespace head_training {

bool can_train(trefoil::Host& host, const trefoil::Classifier& start, const trefoil::Support& support, bool masked) {
  if (start.custom_logits) {
    throw std::invalid_argument(
        "the relation computes its logits by code of its own (custom_logits), and this head cannot train that: use the "
        "relation zero_shot, tip or ape, or leave out the head");
  }
  if (start.values.defined()) {
    throw std::invalid_argument(
        "the relation gives its keys dense values, as kernel_ridge does, and this head trains only with one-hot "
        "labels: "
        "use the relation zero_shot, tip or ape, or leave out the head");
  }
  if (support.image_count() == 0) {
    host.log(trefoil::LogLevel::warning, "there are no support images to learn from: the classifier is not trained");
    return false;
  }
  if (masked && start.key_count() > 0) require_own_keys(start, support);
  return true;
}

void train_matrix(trefoil::Host& host, const torch::Tensor& matrix, const Examples& examples,
                  const torch::Tensor& columns, Objective& objective, const Settings& settings,
                  parallel::Workers& workers) {
  Descent descent(matrix, examples, columns, objective, settings, workers);
  const std::vector<double> losses =
      descent.run([&](std::int64_t done, std::int64_t total) { host.progress(done, total); });
  host.metric("loss_first", losses.front());
  host.metric("loss_last", losses.back());
}

}  // namespace head_training
