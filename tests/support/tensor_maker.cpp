#include "support/tensor_maker.h"

#include <ATen/ops/full.h>

#include <cmath>

#include "support/problem.h"

namespace tests {

void TensorMaker::add(const std::string& name, const std::vector<std::int64_t>& shape, double deviation,
                      double centre) {
  tensors_[name] = (normal_numbers(shape, seed_++) * deviation + centre).to(torch::kFloat).to(type_);
}

void TensorMaker::add_norm(const std::string& name, std::int64_t width) {
  add(name + ".weight", {width}, 0.1, 1);
  add(name + ".bias", {width}, 0.1);
}

void TensorMaker::add_linear(const std::string& name, std::int64_t out, std::int64_t in) {
  add(name + "weight", {out, in}, 1 / std::sqrt(static_cast<double>(in)));
  add(name + "bias", {out}, 0.1);
}

void TensorMaker::add_constant(const std::string& name, const std::vector<std::int64_t>& shape, double value) {
  tensors_[name] = torch::full(shape, value).to(type_);
}

void replace_first(std::string& text, const std::string& from, const std::string& to) {
  const std::size_t place = text.find(from);
  if (place != std::string::npos) text.replace(place, from.size(), to);
}

}  // namespace tests
