/// @file
/// Lanes: sixteen numbers that are computed with at once, for kernels written by hand.
///
/// A kernel is a free function with TREFOIL_FOR_EACH_PROCESSOR in front; what it calls has TREFOIL_PART_OF_KERNEL.
#pragma once

#include <cstdint>
#include <cstring>

/// @def TREFOIL_FOR_EACH_PROCESSOR
/// In front of a function: one version for each kind of processor, chosen when the library is loaded. On others than
/// x86-64 there is one version only. Results may differ in the last digits from one kind of processor to the next.
#if defined(__x86_64__)
#define TREFOIL_FOR_EACH_PROCESSOR __attribute__((target_clones("avx512f", "fma", "default")))
#else
#define TREFOIL_FOR_EACH_PROCESSOR
#endif

/// In front of a function that such a function calls: it becomes part of every version.
#define TREFOIL_PART_OF_KERNEL __attribute__((always_inline)) inline

namespace trefoil {

/// Sixteen numbers: one, two or four registers, as the processor has them. `+ - * / < > ?:` work on each number apart.
using Lanes = float __attribute__((vector_size(64)));
/// Sixteen whole numbers of 32 bits, for the bits of Lanes.
using IntegerLanes = std::uint32_t __attribute__((vector_size(64)));

constexpr std::int64_t kLanes = 16;  ///< numbers in Lanes

/// `count` rounded up to a whole number of lanes.
constexpr std::int64_t whole_lanes(std::int64_t count) { return (count + kLanes - 1) / kLanes * kLanes; }

/// Sixteen numbers from anywhere: `from` needs no alignment. By reference, as everything here: functions that take or
/// return lanes differ between processors.
TREFOIL_PART_OF_KERNEL void load(Lanes& lanes, const float* from) { std::memcpy(&lanes, from, sizeof(lanes)); }

/// And back, likewise: writes sixteen numbers.
TREFOIL_PART_OF_KERNEL void store(const Lanes& lanes, float* to) { std::memcpy(to, &lanes, sizeof(lanes)); }

/// Their sum in float32, from the first to the last.
TREFOIL_PART_OF_KERNEL float sum_of(const Lanes& lanes) {
  float sum = 0;
  for (std::int64_t i = 0; i < kLanes; ++i) sum += lanes[i];
  return sum;
}

/// The largest of sixteen numbers, none of them a NaN.
TREFOIL_PART_OF_KERNEL float largest_of(const Lanes& lanes) {
  float largest = lanes[0];
  for (std::int64_t i = 1; i < kLanes; ++i) largest = lanes[i] > largest ? lanes[i] : largest;
  return largest;
}

/// Replaces x, a float or Lanes, by exp(x) = 2^n · exp(r), where r = x − n ln 2 lies within ± ln 2 / 2, by a Taylor
/// polynomial: right to 2e-7 of the value. Beyond ± 87 the value at ± 87, so that results are finite and normal.
/// `Number` and `Bits` are float and std::uint32_t, or Lanes and IntegerLanes.
template <typename Number, typename Bits>
TREFOIL_PART_OF_KERNEL void exponentiate(Number& x) {
  constexpr float kLog2OfE = 1.44269504F;
  constexpr float kLn2High = 0.693359375F;  // exact in few bits, so that n times it is
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

/// The same for Lanes, without naming the types.
TREFOIL_PART_OF_KERNEL void exponentiate(Lanes& x) { exponentiate<Lanes, IntegerLanes>(x); }

}  // namespace trefoil
