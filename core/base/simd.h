// SIMD: sixteen floats that are computed together, for inner loops.
//
// A kernel is a free function with TREFOIL_MULTIVERSIONED in front. Functions that it calls have TREFOIL_INLINE_KERNEL
// in front. They take and return Floats by reference only, because the calling convention of such vectors depends on
// the processor.
#pragma once

#include <cstdint>
#include <cstring>

// Compiles the function once for each kind of x86-64 processor; the best version is chosen when the library is loaded.
// The last digits of results may differ from one kind of processor to another. The choice runs before ThreadSanitizer
// has started, and would crash in its code, so that such builds have one version.
#if defined(__x86_64__) && !defined(__SANITIZE_THREAD__)
#define TREFOIL_MULTIVERSIONED __attribute__((target_clones("avx512f", "arch=x86-64-v3", "default")))
#else
#define TREFOIL_MULTIVERSIONED
#endif

// Inlines the function into every version of the kernel that calls it.
#define TREFOIL_INLINE_KERNEL __attribute__((always_inline)) inline

namespace trefoil::simd {

// Sixteen float32 in one, two or four registers. The operators + - * / < > ?: work on each element.
using Floats = float __attribute__((vector_size(64)));
using Integers = std::uint32_t __attribute__((vector_size(64)));

constexpr std::int64_t kWidth = 16;  // elements of Floats

// While an object of this class exists, results of its thread that are too small for a normal float are 0. The
// processor takes a hundred times as long for such results otherwise.
class FlushDenormals {
 public:
#if defined(__x86_64__)
  FlushDenormals() : before_(__builtin_ia32_stmxcsr()) { __builtin_ia32_ldmxcsr(before_ | kFlushToZero); }
  ~FlushDenormals() { __builtin_ia32_ldmxcsr(before_); }
#else
  FlushDenormals() = default;
  ~FlushDenormals() = default;
#endif
  FlushDenormals(const FlushDenormals&) = delete;
  FlushDenormals& operator=(const FlushDenormals&) = delete;

 private:
  static constexpr unsigned kFlushToZero = 0x8000;  // bit of the register MXCSR
  [[maybe_unused]] unsigned before_ = 0;
};

// The smallest multiple of kWidth that is at least `count`.
constexpr std::int64_t round_up(std::int64_t count) { return (count + kWidth - 1) / kWidth * kWidth; }

// `from` and `to` need no alignment.
TREFOIL_INLINE_KERNEL void load(Floats& floats, const float* from) { std::memcpy(&floats, from, sizeof(floats)); }
TREFOIL_INLINE_KERNEL void store(const Floats& floats, float* to) { std::memcpy(to, &floats, sizeof(floats)); }

// Adds up in float32, from the first element to the last.
TREFOIL_INLINE_KERNEL float sum(const Floats& floats) {
  float sum = 0;
  for (std::int64_t i = 0; i < kWidth; ++i) sum += floats[i];
  return sum;
}

// Adds up in float32, in pairs, which is faster.
TREFOIL_INLINE_KERNEL float pairwise_sum(const Floats& floats) {
  using Eight = float __attribute__((vector_size(32)));
  using Four = float __attribute__((vector_size(16)));
  Eight halves[2];
  std::memcpy(halves, &floats, sizeof(floats));
  const Eight eight = halves[0] + halves[1];
  Four quarters[2];
  std::memcpy(quarters, &eight, sizeof(eight));
  const Four four = quarters[0] + quarters[1];
  return (four[0] + four[2]) + (four[1] + four[3]);
}

// The largest element. No element may be NaN.
TREFOIL_INLINE_KERNEL float max(const Floats& floats) {
  float largest = floats[0];
  for (std::int64_t i = 1; i < kWidth; ++i) largest = floats[i] > largest ? floats[i] : largest;
  return largest;
}

// Replaces x by exp(x) = 2^n · exp(r), where r = x − n ln 2 lies within ± ln 2 / 2 and exp(r) is a Taylor polynomial.
// The relative error is at most 2e-7. x is clamped to ± 87, so that results are finite and normal.
// `Number` and `Bits` are float and std::uint32_t, or Floats and Integers.
template <typename Number, typename Bits>
TREFOIL_INLINE_KERNEL void exponentiate(Number& x) {
  constexpr float kLog2OfE = 1.44269504F;
  constexpr float kLn2High = 0.693359375F;  // has few bits, so that n · kLn2High is exact
  constexpr float kLn2Low = -2.12194440e-4F;
  constexpr float kLimit = 87.0F;
  constexpr float kRounder = 12582912.0F;  // 1.5 · 2^23: adding it leaves an integer in the lowest bits
  x = x < -kLimit ? Number{} - kLimit : x;
  x = x > kLimit ? Number{} + kLimit : x;
  const Number shifted = x * kLog2OfE + kRounder;
  const Number n = shifted - kRounder;
  const Number r = (x - n * kLn2High) - n * kLn2Low;
  const Number series =
      1 + r * (1 + r * (1.0F / 2 + r * (1.0F / 6 + r * (1.0F / 24 + r * (1.0F / 120 + r * (1.0F / 720))))));
  Bits bits;
  std::memcpy(&bits, &shifted, sizeof(bits));
  bits = (bits + 127) << 23;
  Number power;
  std::memcpy(&power, &bits, sizeof(power));
  x = series * power;
}

TREFOIL_INLINE_KERNEL void exponentiate(Floats& x) { exponentiate<Floats, Integers>(x); }

}  // namespace trefoil::simd
