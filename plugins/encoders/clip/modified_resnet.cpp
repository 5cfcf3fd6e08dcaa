#include <ATen/ops/avg_pool2d.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/conv2d.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/relu.h>
#include <ATen/ops/softmax.h>

#include <cmath>
#include <optional>
#include <vector>

#include "linear.h"
#include "vision.h"

namespace clip {

namespace {

// A convolution with the batch normalisation that follows. In a frozen network the normalisation is constant, so it is
// folded into the weights.
class Convolution {
 public:
  Convolution(Weights& weights, const std::string& convolution, const std::string& norm, std::int64_t out,
              std::int64_t in, std::int64_t side, std::int64_t stride, const Compute& compute)
      : stride_(stride), padding_(side / 2) {
    constexpr double kEpsilon = 1e-5;  // PyTorch's default
    const torch::Tensor weight = weights.take(convolution + ".weight", {out, in, side, side});
    const torch::Tensor gain = weights.take(norm + ".weight", {out}).to(torch::kDouble) /
                               (weights.take(norm + ".running_var", {out}).to(torch::kDouble) + kEpsilon).sqrt();
    const torch::Tensor shift = weights.take(norm + ".bias", {out}).to(torch::kDouble) -
                                weights.take(norm + ".running_mean", {out}).to(torch::kDouble) * gain;
    weight_ = compute.place(weight.to(torch::kDouble) * gain.view({out, 1, 1, 1}));
    bias_ = compute.place(shift);
  }

  torch::Tensor operator()(const torch::Tensor& maps) const {
    return at::conv2d(maps, weight_, bias_, {stride_, stride_}, {padding_, padding_});
  }

 private:
  std::int64_t stride_;
  std::int64_t padding_;
  torch::Tensor weight_;
  torch::Tensor bias_;
};

constexpr std::int64_t kExpansion = 4;  // output channels of a bottleneck, divided by its inner channels

class Bottleneck {
 public:
  Bottleneck(Weights& weights, const std::string& name, std::int64_t in, std::int64_t inner, std::int64_t stride,
             const Compute& compute)
      : stride_(stride),
        reduce_(weights, name + ".conv1", name + ".bn1", inner, in, 1, 1, compute),
        spatial_(weights, name + ".conv2", name + ".bn2", inner, inner, 3, 1, compute),
        expand_(weights, name + ".conv3", name + ".bn3", inner * kExpansion, inner, 1, 1, compute) {
    if (stride > 1 || in != inner * kExpansion) {
      shortcut_.emplace(weights, name + ".downsample.0", name + ".downsample.1", inner * kExpansion, in, 1, 1, compute);
    }
  }

  torch::Tensor operator()(const torch::Tensor& maps) const {
    const torch::Tensor inner = at::relu(spatial_(at::relu(reduce_(maps))));
    return at::relu(expand_(pooled(inner)) + (shortcut_ ? (*shortcut_)(pooled(maps)) : maps));
  }

 private:
  torch::Tensor pooled(const torch::Tensor& maps) const {
    return stride_ > 1 ? at::avg_pool2d(maps, {stride_, stride_}) : maps;
  }

  std::int64_t stride_;
  Convolution reduce_;
  Convolution spatial_;
  Convolution expand_;
  std::optional<Convolution> shortcut_;
};

// Attention pooling, in place of average pooling: the query is the mean over all positions.
class AttentionPool {
 public:
  AttentionPool(Weights& weights, const VisionSizes& sizes, std::int64_t features, const Compute& compute)
      : heads_(sizes.transformer.heads),
        positions_(compute.place(weights.take("visual.attnpool.positional_embedding",
                                              {sizes.grid * sizes.grid + 1, sizes.transformer.width}))),
        query_(projection(weights, "q", sizes.transformer.width, sizes.transformer.width, compute.exact())),
        key_(projection(weights, "k", sizes.transformer.width, sizes.transformer.width, compute.exact())),
        value_(projection(weights, "v", sizes.transformer.width, sizes.transformer.width, compute.exact())),
        out_(projection(weights, "c", features, sizes.transformer.width, compute.exact())) {}

  // Returns features [n, D] of maps [n, width, grid, grid].
  torch::Tensor operator()(const torch::Tensor& maps) const {
    const std::int64_t images = maps.size(0);
    const std::int64_t width = maps.size(1);
    const torch::Tensor places = maps.flatten(2).transpose(1, 2);  // [n, grid², width]
    const torch::Tensor rows = torch::cat({places.mean(1, /*keepdim=*/true), places}, 1) + positions_;
    const std::int64_t count = rows.size(1);
    const std::int64_t head_width = width / heads_;
    const auto by_head = [&](const torch::Tensor& projected, std::int64_t length) {
      return projected.view({images, length, heads_, head_width}).transpose(1, 2);
    };
    const torch::Tensor flat = rows.reshape({images * count, width});
    const torch::Tensor query = by_head(query_(rows.select(1, 0)), 1) / std::sqrt(static_cast<double>(head_width));
    const torch::Tensor scores = torch::matmul(query, by_head(key_(flat), count).transpose(-2, -1));
    const torch::Tensor mixed = torch::matmul(torch::softmax(scores, -1), by_head(value_(flat), count));
    return out_(mixed.reshape({images, width}));
  }

 private:
  static Linear projection(Weights& weights, const std::string& letter, std::int64_t out, std::int64_t in,
                           const Compute& compute) {
    const std::string name = "visual.attnpool." + letter + "_proj";
    return {weights.take(name + ".weight", {out, in}), weights.take(name + ".bias", {out}), compute};
  }

  std::int64_t heads_;
  torch::Tensor positions_;  // [grid² + 1, width]
  Linear query_;
  Linear key_;
  Linear value_;
  Linear out_;
};

class ModifiedResNet final : public VisionTower {
 public:
  ModifiedResNet(Weights& weights, const Architecture& sizes, const Compute& compute)
      : pool_(weights, sizes.vision, sizes.width, compute) {
    const std::int64_t base = sizes.vision.base_width;
    stem_.emplace_back(weights, "visual.conv1", "visual.bn1", base / 2, 3, 3, 2, compute);
    stem_.emplace_back(weights, "visual.conv2", "visual.bn2", base / 2, base / 2, 3, 1, compute);
    stem_.emplace_back(weights, "visual.conv3", "visual.bn3", base, base / 2, 3, 1, compute);
    std::int64_t in = base;
    for (std::size_t stage = 0; stage < sizes.vision.blocks.size(); ++stage) {
      const std::int64_t inner = base << stage;
      for (std::int64_t i = 0; i < sizes.vision.blocks.at(stage); ++i) {
        const std::string name = "visual.layer" + std::to_string(stage + 1) + "." + std::to_string(i);
        bottlenecks_.emplace_back(weights, name, in, inner, i == 0 && stage > 0 ? 2 : 1, compute);
        in = inner * kExpansion;
      }
    }
  }

  torch::Tensor operator()(const torch::Tensor& pixels) const override {
    if (!pixels.is_cpu()) return features_of(pixels);
    // Encodes images one by one, because the algorithm of a convolution, and so its rounding, depends on their number.
    std::vector<torch::Tensor> features;
    for (std::int64_t i = 0; i < pixels.size(0); ++i) features.push_back(features_of(pixels.narrow(0, i, 1)));
    return at::cat(features);
  }

 private:
  torch::Tensor features_of(const torch::Tensor& pixels) const {
    torch::Tensor maps = pixels;
    for (const Convolution& convolution : stem_) maps = at::relu(convolution(maps));
    maps = at::avg_pool2d(maps, {2, 2});
    for (const Bottleneck& bottleneck : bottlenecks_) maps = bottleneck(maps);
    return pool_(maps);
  }

  std::vector<Convolution> stem_;
  std::vector<Bottleneck> bottlenecks_;
  AttentionPool pool_;
};

}  // namespace

std::unique_ptr<VisionTower> make_modified_resnet(Weights& weights, const Architecture& sizes, const Compute& compute) {
  return std::make_unique<ModifiedResNet>(weights, sizes, compute);
}

}  // namespace clip
