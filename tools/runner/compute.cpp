#include "compute.h"

#include <torch/cuda.h>

#include "base/machine.h"
#include "config/diagnostics.h"
#include "interrupt.h"
#include "runtime/blocks.h"

namespace runner {

trefoil::runtime::Compute compute_of(const std::string& device, int threads) {
  trefoil::config::Diagnostics diagnostics;
  if (device == "cuda" && !torch::cuda::is_available()) {
    diagnostics.error({}, "--device cuda: no CUDA device is available to this LibTorch",
                      "use --device cpu, or build with a LibTorch that has CUDA (-DCMAKE_PREFIX_PATH=…)");
  }
  diagnostics.throw_if_any();
  return {torch::Device(device), threads > 0 ? threads : trefoil::base::usable_cores()};
}

void prepare_process(int clean_stops) {
  trefoil::runtime::use_one_thread_per_operation();
  trefoil::runtime::return_freed_memory();
  catch_interrupts(clean_stops);
}

}  // namespace runner
