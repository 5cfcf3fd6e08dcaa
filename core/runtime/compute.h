// Compute: the device and the number of threads.
#pragma once

#include "trefoil/tensor.h"

namespace trefoil::runtime {

struct Compute {
  torch::Device device = torch::kCPU;
  int threads = 1;
};

}  // namespace trefoil::runtime
