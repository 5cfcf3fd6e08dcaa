// Network: CLIP's ViT and text tower (Radford et al., ICML 2021) in a form that can be differentiated. The plugin
// `clip` runs the same network without gradients, and much faster.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "architecture.h"
#include "trefoil/tensor.h"

namespace trefoil::demo {

class Network {
 public:
  // Random weights, spread as CLIP's are at the start of its training. `sizes.vision` must be a ViT.
  Network(const clip::Architecture& sizes, std::uint64_t seed);

  // pixels [n, 3, R, R] -> [n, D], not normalised. Of each picture only the patches [n, k] int64 (0 to grid² − 1) are
  // looked at, all when undefined: what is left out costs nothing (Li et al., "FLIP", CVPR 2023).
  torch::Tensor images(const torch::Tensor& pixels, const torch::Tensor& patches) const;

  // tokens [n, t] int64, zeros behind the end token, `ends` [n] its positions -> [n, D], not normalised.
  torch::Tensor texts(const torch::Tensor& tokens, const torch::Tensor& ends) const;

  // Patches in a picture.
  std::int64_t patches() const { return sizes_.vision.grid * sizes_.vision.grid; }

  // ln of what cosines are multiplied by; a single number.
  const torch::Tensor& logit_scale() const { return weight("logit_scale"); }

  // Under OpenAI's names; all of them want gradients.
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
  // rows [n, t, width]; `mask` [t, t] is added to the scores, unless undefined.
  torch::Tensor transformer(torch::Tensor rows, const std::string& prefix, const clip::TransformerSizes& sizes,
                            const torch::Tensor& mask) const;

  clip::Architecture sizes_;
  std::map<std::string, torch::Tensor> weights_;
};

}  // namespace trefoil::demo
