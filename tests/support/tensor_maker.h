// Makes the tensors of small models with random weights, and renames them.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "trefoil/tensor.h"

namespace tests {

using NamedTensors = std::map<std::string, torch::Tensor>;

// Each tensor has a seed of its own: the next number after the seed of the tensor before.
class TensorMaker {
 public:
  TensorMaker(std::uint32_t seed, torch::ScalarType type) : seed_(seed), type_(type) {}

  // Adds normal numbers of the given deviation around `centre`.
  void add(const std::string& name, const std::vector<std::int64_t>& shape, double deviation, double centre = 0);
  // Adds the weight and the bias of a layer normalisation.
  void add_norm(const std::string& name, std::int64_t width);
  // Adds NAMEweight [out, in] and NAMEbias [out].
  void add_linear(const std::string& name, std::int64_t out, std::int64_t in);
  // Adds a tensor in which all numbers are equal.
  void add_constant(const std::string& name, const std::vector<std::int64_t>& shape, double value);

  NamedTensors take() { return std::move(tensors_); }

 private:
  std::uint32_t seed_;
  torch::ScalarType type_;
  NamedTensors tensors_;
};

// Replaces the first place of `from` in the text, if there is one.
void replace_first(std::string& text, const std::string& from, const std::string& to);

}  // namespace tests
