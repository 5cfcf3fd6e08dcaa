// Attention in one pass over each head, without copies: the kernel for the CPU and float32.
#pragma once

#include <cstdint>

namespace clip {

// Channels of a head in every CLIP model; the kernel is made for it.
constexpr std::int64_t kHeadWidth = 64;

struct AttentionShape {
  std::int64_t sequences = 0;  // n
  std::int64_t positions = 0;  // t, of one sequence
  std::int64_t heads = 0;      // width / kHeadWidth
  bool causal = false;         // a position sees itself and those before it
};

// projected [n·t, 3·width]: query, key and value side by side; target [n·t, width]. Both contiguous. Runs on the
// calling thread.
void fused_attention(const float* projected, const AttentionShape& shape, float* target);

}  // namespace clip
