#include "lbfgs.h"

#include <ATen/ops/full.h>
#include <ATen/ops/zeros_like.h>
#include <torch/optim/lbfgs.h>

#include <algorithm>

namespace head_training {

void minimise(trefoil::Host& host, torch::Tensor point, const Evaluate& evaluate, const LbfgsSettings& settings) {
  double last_loss = 0;
  std::int64_t evaluations = 0;
  point.mutable_grad() = torch::zeros_like(point);
  const auto closure = [&] {
    last_loss = evaluate(point.mutable_grad());
    host.progress(std::min(++evaluations, settings.iterations), settings.iterations);
    return torch::full({}, last_loss, point.options());
  };
  torch::optim::LBFGS optimiser({point}, torch::optim::LBFGSOptions(1)
                                             .max_iter(settings.iterations)
                                             .max_eval(2 * settings.iterations)
                                             .history_size(settings.history)
                                             .tolerance_grad(settings.gradient_tolerance)
                                             .tolerance_change(settings.change_tolerance)
                                             .line_search_fn("strong_wolfe"));
  optimiser.step(closure);
  host.metric("loss", last_loss);
  host.metric("evaluations", static_cast<double>(evaluations));
}

}  // namespace head_training
