#include "training/network.h"

#include <torch/types.h>
#include <torch/utils.h>

#include <cmath>
#include <limits>

namespace trefoil::demo {

namespace {

constexpr double kFirstScale = 1 / 0.07;  // as in CLIP, like all standard deviations below

double over_root(std::int64_t width) { return 1 / std::sqrt(static_cast<double>(width)); }

std::string block_name(const std::string& prefix, std::int64_t layer) {
  return prefix + "transformer.resblocks." + std::to_string(layer);
}

}  // namespace

Network::Network(const clip::Architecture& sizes, std::uint64_t seed) : sizes_(sizes) {
  torch::manual_seed(seed);
  const std::int64_t text_width = sizes.text.transformer.width;
  add("token_embedding.weight", {sizes.text.vocabulary, text_width}, 0.02);
  add("positional_embedding", {sizes.text.context, text_width}, 0.01);
  add_transformer("", sizes.text.transformer);
  add_norm("ln_final", text_width);
  add("text_projection", {text_width, sizes.width}, over_root(text_width));

  const std::int64_t width = sizes.vision.transformer.width;
  const std::int64_t patch = sizes.vision.patch;
  add("visual.class_embedding", {width}, over_root(width));
  add("visual.conv1.weight", {width, 3, patch, patch}, over_root(3 * patch * patch));
  add("visual.positional_embedding", {sizes.vision.grid * sizes.vision.grid + 1, width}, over_root(width));
  add_norm("visual.ln_pre", width);
  add_transformer("visual.", sizes.vision.transformer);
  add_norm("visual.ln_post", width);
  add("visual.proj", {width, sizes.width}, over_root(width));
  add("logit_scale", {}, 0, std::log(kFirstScale));
}

void Network::add(const std::string& name, const std::vector<std::int64_t>& shape, double deviation, double centre) {
  weights_[name] = (torch::randn(shape) * deviation + centre).requires_grad_();
}

void Network::add_norm(const std::string& name, std::int64_t width) {
  add(name + ".weight", {width}, 0, 1);
  add(name + ".bias", {width}, 0);
}

void Network::add_transformer(const std::string& prefix, const clip::TransformerSizes& sizes) {
  const std::int64_t width = sizes.width;
  const double into_sum = over_root(width) * over_root(2 * sizes.layers);
  for (std::int64_t layer = 0; layer < sizes.layers; ++layer) {
    const std::string name = block_name(prefix, layer);
    add_norm(name + ".ln_1", width);
    add(name + ".attn.in_proj_weight", {3 * width, width}, over_root(width));
    add(name + ".attn.in_proj_bias", {3 * width}, 0);
    add(name + ".attn.out_proj.weight", {width, width}, into_sum);
    add(name + ".attn.out_proj.bias", {width}, 0);
    add_norm(name + ".ln_2", width);
    add(name + ".mlp.c_fc.weight", {4 * width, width}, over_root(2 * width));
    add(name + ".mlp.c_fc.bias", {4 * width}, 0);
    add(name + ".mlp.c_proj.weight", {width, 4 * width}, into_sum);
    add(name + ".mlp.c_proj.bias", {width}, 0);
  }
}

torch::Tensor Network::norm(const torch::Tensor& rows, const std::string& name) const {
  const torch::Tensor& scale = weight(name + ".weight");
  return at::layer_norm(rows, scale.sizes(), scale, weight(name + ".bias"), 1e-5);
}

torch::Tensor Network::linear(const torch::Tensor& rows, const std::string& weight_name,
                              const std::string& bias_name) const {
  return at::linear(rows, weight(weight_name), weight(bias_name));
}

torch::Tensor Network::attention(const torch::Tensor& rows, const std::string& block, std::int64_t heads,
                                 const torch::Tensor& mask) const {
  const std::int64_t head_width = rows.size(2) / heads;
  // [3, n, heads, t, head_width]
  const torch::Tensor parts = linear(rows, block + ".attn.in_proj_weight", block + ".attn.in_proj_bias")
                                  .view({rows.size(0), rows.size(1), 3, heads, head_width})
                                  .permute({2, 0, 3, 1, 4});
  torch::Tensor scores = at::matmul(parts[0] * over_root(head_width), parts[1].transpose(-2, -1));
  if (mask.defined()) scores = scores + mask;
  const torch::Tensor mixed = at::matmul(at::softmax(scores, -1), parts[2]).transpose(1, 2).reshape(rows.sizes());
  return linear(mixed, block + ".attn.out_proj.weight", block + ".attn.out_proj.bias");
}

torch::Tensor Network::transformer(torch::Tensor rows, const std::string& prefix, const clip::TransformerSizes& sizes,
                                   const torch::Tensor& mask) const {
  for (std::int64_t layer = 0; layer < sizes.layers; ++layer) {
    const std::string block = block_name(prefix, layer);
    rows = rows + attention(norm(rows, block + ".ln_1"), block, sizes.heads, mask);
    // QuickGELU is x · sigmoid(1.702 x) = silu(1.702 x) / 1.702. Scaling the weights is faster than scaling the rows.
    const torch::Tensor hidden =
        at::silu(at::linear(norm(rows, block + ".ln_2"), 1.702 * weight(block + ".mlp.c_fc.weight"),
                            1.702 * weight(block + ".mlp.c_fc.bias")));
    rows = rows + at::linear(hidden, weight(block + ".mlp.c_proj.weight") / 1.702, weight(block + ".mlp.c_proj.bias"));
  }
  return rows;
}

torch::Tensor Network::images(const torch::Tensor& pixels, const torch::Tensor& patches) const {
  const clip::VisionSizes& sizes = sizes_.vision;
  const std::int64_t images = pixels.size(0);
  const std::int64_t positions = this->patches();
  const std::int64_t width = sizes.transformer.width;
  torch::Tensor squares = pixels.view({images, 3, sizes.grid, sizes.patch, sizes.grid, sizes.patch})
                              .permute({0, 2, 4, 1, 3, 5})
                              .reshape({images, positions, 3 * sizes.patch * sizes.patch});
  torch::Tensor places =
      weight("visual.positional_embedding").narrow(0, 1, positions).expand({images, positions, width});
  if (patches.defined()) {
    squares = squares.gather(1, patches.unsqueeze(2).expand({-1, -1, squares.size(2)}));
    places = places.gather(1, patches.unsqueeze(2).expand({-1, -1, width}));
  }
  const torch::Tensor embedded = at::linear(squares, weight("visual.conv1.weight").flatten(1)) + places;
  const torch::Tensor first = weight("visual.class_embedding") + weight("visual.positional_embedding")[0];
  const torch::Tensor rows = norm(at::cat({first.expand({images, 1, width}), embedded}, 1), "visual.ln_pre");
  const torch::Tensor result = transformer(rows, "visual.", sizes.transformer, {}).select(1, 0);
  return at::matmul(norm(result, "visual.ln_post"), weight("visual.proj"));
}

torch::Tensor Network::texts(const torch::Tensor& tokens, const torch::Tensor& ends) const {
  constexpr double kNever = -std::numeric_limits<double>::infinity();
  const std::int64_t length = tokens.size(1);
  const torch::Tensor rows =
      at::embedding(weight("token_embedding.weight"), tokens) + weight("positional_embedding").narrow(0, 0, length);
  const torch::Tensor mask = torch::full({length, length}, kNever).triu(1);
  const torch::Tensor result = transformer(rows, "", sizes_.text.transformer, mask);
  const torch::Tensor last = result.index({torch::arange(tokens.size(0)), ends});
  return at::matmul(norm(last, "ln_final"), weight("text_projection"));
}

}  // namespace trefoil::demo
