// Attention in one pass over each head, without copies. For the CPU and float32.
#pragma once

#include <cstdint>

namespace clip {

// Channels of a head in most CLIP models. The kernel supports only this width.
constexpr std::int64_t kHeadWidth = 64;

struct AttentionShape {
  std::int64_t sequences = 0;  // n
  std::int64_t positions = 0;  // t, positions of one sequence
  std::int64_t heads = 0;      // width / kHeadWidth
  bool causal = false;         // a position sees itself and the positions before it
};

// Writes target [n·t, width]. projected [n·t, 3·width] holds query, key and value side by side. Both are contiguous.
// Runs on the calling thread.
void fused_attention(const float* projected, const AttentionShape& shape, float* target);

}  // namespace clip
