#include "session.h"

#include <stdexcept>

#include "own_keys.h"

namespace trefoil::training {

bool can_train(Host& host, const Classifier& start, const Support& support, bool masked) {
  if (start.custom_logits) {
    throw std::invalid_argument(
        "the relation's classifier computes logits in a way of its own, which cannot be trained by this head: use the "
        "relation zero_shot, tip or ape, or the head none");
  }
  if (support.image_count() == 0) {
    host.log(LogLevel::warning, "there are no support images to learn from: the relation's classifier stays as it is");
    return false;
  }
  if (masked && start.key_count() > 0) require_own_keys(start, support);
  return true;
}

void train_matrix(Host& host, const torch::Tensor& matrix, const Examples& examples, const torch::Tensor& columns,
                  Objective& objective, const Settings& settings, Workers& workers) {
  Descent descent(matrix, examples, columns, objective, settings, workers);
  const std::vector<double> losses =
      descent.run([&](std::int64_t done, std::int64_t total) { host.progress(done, total); });
  host.metric("loss_first", losses.front());
  host.metric("loss_last", losses.back());
}

}  // namespace trefoil::training
