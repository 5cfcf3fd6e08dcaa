// Sixteen numbers that are computed with at once: what the kernels written by hand are made of.
#pragma once

#include <cstdint>
#include <cstring>

// In front of a function: one version for each kind of processor, chosen when the library is loaded.
#if defined(__x86_64__)
#define TREFOIL_FOR_EACH_PROCESSOR __attribute__((target_clones("avx512f", "fma", "default")))
#else
#define TREFOIL_FOR_EACH_PROCESSOR
#endif

namespace trefoil::clip {

// One, two or four registers, as the processor has them.
using Lanes = float __attribute__((vector_size(64)));
using IntegerLanes = std::uint32_t __attribute__((vector_size(64)));

constexpr std::int64_t kLanes = 16;

}  // namespace trefoil::clip
