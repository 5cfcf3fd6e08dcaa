// Random numbers that are the same on every machine, unlike the standard library's distributions.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <random>
#include <utility>
#include <vector>

namespace trefoil::demo {

class Random {
 public:
  explicit Random(std::uint64_t seed) : generator_(seed) {}

  std::uint64_t bits() { return generator_(); }

  double uniform() { return static_cast<double>(generator_() >> 11U) * 0x1p-53; }  // from 0 to below 1
  double uniform(double low, double high) { return low + (high - low) * uniform(); }

  // Nearly normal, with variance 1 and absolute values below 3.5: the sum of the four 16-bit parts of a draw.
  double normal() {
    constexpr double kMean = 4 * 65535.0 / 2;
    constexpr double kDeviation = 37837.2;
    const std::uint64_t draw = generator_();
    const auto sum =
        static_cast<double>((draw & 0xFFFFU) + (draw >> 16U & 0xFFFFU) + (draw >> 32U & 0xFFFFU) + (draw >> 48U));
    return (sum - kMean) / kDeviation;
  }

  std::size_t below(std::size_t count) { return static_cast<std::size_t>(uniform() * static_cast<double>(count)); }

  bool chance(double probability) { return uniform() < probability; }

  template <typename Container>
  const auto& choice(const Container& items) {
    return items[below(items.size())];
  }

  template <typename Item>
  void shuffle(std::vector<Item>& items) {
    for (std::size_t left = items.size(); left > 1; --left) std::swap(items[left - 1], items[below(left)]);
  }

 private:
  std::mt19937_64 generator_;
};

}  // namespace trefoil::demo
