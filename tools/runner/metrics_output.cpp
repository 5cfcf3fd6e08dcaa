#include "metrics_output.h"

#include <fmt/format.h>

namespace runner {

void print_metrics(const trefoil::pipeline::Metrics& metrics, std::FILE* to) {
  fmt::print(to, "top-1   {:.2f} %\ntop-5   {:.2f} %\n", metrics.top1(), metrics.top5());
  const trefoil::pipeline::Calibration& calibration = metrics.calibration();
  if (calibration.queries() == 0) return;
  fmt::print(to, "ECE     {:.2f} %\n−log p  {:.3f}\n", *calibration.error(), *calibration.loss());
}

}  // namespace runner
