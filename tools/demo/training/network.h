// Network: CLIP's ViT and text transformer (Radford et al., ICML 2021) with gradients. The plugin `clip` runs the same
// network without gradients, and much faster.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "architecture.h"
#include "trefoil/tensor.h"

namespace trefoil::demo {

class Network {
 public:
  // Initialises random weights as CLIP does. `sizes.vision` must be a ViT.
  Network(const clip::Architecture& sizes, std::uint64_t seed);

  // pixels [n, 3, R, R] -> [n, D], not normalised. `patches` [n, k] int64 (0 to grid² − 1) are the patches of each
  // image that are used; undefined means all. Other patches cost no time (Li et al., "FLIP", CVPR 2023).
  torch::Tensor images(const torch::Tensor& pixels, const torch::Tensor& patches) const;

  // tokens [n, t] int64, with zeros after the end token; `ends` [n] is the position of the end token. -> [n, D], not
  // normalised.
  torch::Tensor texts(const torch::Tensor& tokens, const torch::Tensor& ends) const;

  // Number of patches in an image.
  std::int64_t patches() const { return sizes_.vision.grid * sizes_.vision.grid; }

  // The logarithm of the factor on cosines; a scalar.
  const torch::Tensor& logit_scale() const { return weight("logit_scale"); }

  // All weights by OpenAI's names. They require gradients.
  const std::map<std::string, torch::Tensor>& weights() const { return weights_; }

 private:
  void add(const std::string& name, const std::vector<std::int64_t>& shape, double deviation, double centre = 0);
  void add_norm(const std::string& name, std::int64_t width);
  void add_transformer(const std::string& prefix, const clip::TransformerSizes& sizes);

  const torch::Tensor& weight(const std::string& name) const { return weights_.at(name); }
  torch::Tensor norm(const torch::Tensor& rows, const std::string& name) const;
  torch::Tensor linear(const torch::Tensor& rows, const std::string& weight, const std::string& bias) const;
  torch::Tensor attention(const torch::Tensor& rows, const std::string& block, std::int64_t heads,
                          const torch::Tensor& mask) const;
  // rows [n, t, width]. `mask` [t, t], if defined, is added to the scores.
  torch::Tensor transformer(torch::Tensor rows, const std::string& prefix, const clip::TransformerSizes& sizes,
                            const torch::Tensor& mask) const;

  clip::Architecture sizes_;
  std::map<std::string, torch::Tensor> weights_;
};

}  // namespace trefoil::demo
