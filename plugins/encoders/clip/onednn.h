// Helpers that all matrix products by oneDNN share.
#pragma once

#include <ATen/ops/empty.h>

#include <cstdint>
#include <dnnl.hpp>

#include "trefoil/tensor.h"

namespace clip::onednn {

using dnnl::memory;

inline const dnnl::engine& cpu() {
  static const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  return engine;
}

inline memory::desc matrix(std::int64_t rows, std::int64_t columns, memory::format_tag order, memory::data_type type) {
  return {{rows, columns}, type, order};
}

// Weights are packed only if their number of columns is a multiple of this. Otherwise oneDNN 3.7 computes wrong
// products from its own order (seen with 24, 32, 65 and 96 columns). All released models use multiples of it.
constexpr std::int64_t kPackedColumns = 64;

// By default oneDNN's scratch memory belongs to the thread that created the kernel, and running it on another thread
// crashes.
inline dnnl::primitive_attr with_own_scratch(const dnnl::post_ops& after = {}) {
  dnnl::primitive_attr attributes;
  attributes.set_post_ops(after);
  attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  return attributes;
}

// Returns scratch memory for one call. The tensor owns it, and lives until the call has ended.
inline torch::Tensor scratch_of(const memory::desc& scratch) {
  return torch::empty({static_cast<std::int64_t>(scratch.get_size())}, torch::kByte);
}

}  // namespace clip::onednn
