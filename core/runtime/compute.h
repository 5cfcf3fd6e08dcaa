// Compute: where and with how many threads the host computes.
#pragma once

#include "trefoil/tensor.h"

namespace trefoil::runtime {

struct Compute {
  torch::Device device = torch::kCPU;
  int threads = 1;
};

}  // namespace trefoil::runtime
