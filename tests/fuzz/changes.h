// Changed copies of inputs, for compilers without libFuzzer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

namespace fuzz {

using Bytes = std::vector<char>;

// Makes a few random changes to inputs: bits are flipped, bytes and numbers are replaced by extreme ones, and parts are
// removed, repeated, or taken from another input. The same seed makes the same changes.
class Changer {
 public:
  explicit Changer(std::uint64_t seed) : generator_(seed) {}

  Bytes changed(Bytes input, const std::vector<Bytes>& others);

 private:
  struct Range {
    std::size_t begin;
    std::size_t size;
  };

  std::size_t below(std::size_t count);
  Range part_of(const Bytes& input);
  void change(Bytes& input, const Bytes& other);
  void replace_number(Bytes& input);

  std::mt19937_64 generator_;
};

}  // namespace fuzz
