#include "training/training.h"

#include <torch/csrc/autograd/autograd.h>
#include <torch/nn/utils/clip_grad.h>
#include <torch/optim/adamw.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "runtime/blocks.h"

namespace trefoil::demo {

namespace {

constexpr double kPi = 3.14159265358979323846;
constexpr double kLargestScale = 100;  // CLIP's largest factor on cosines
constexpr double kLargestGradient = 1;

// Weight decay applies to matrices, not to biases and scales.
torch::optim::AdamW make_optimizer(const Network& network, const TrainingOptions& options) {
  std::vector<torch::Tensor> decaying;
  std::vector<torch::Tensor> others;
  for (const auto& [name, tensor] : network.weights()) (tensor.dim() > 1 ? decaying : others).push_back(tensor);
  const auto group = [&](const std::vector<torch::Tensor>& tensors, double decay) {
    auto settings = torch::optim::AdamWOptions(options.learning_rate).betas({0.9, 0.98}).eps(1e-6).weight_decay(decay);
    return torch::optim::OptimizerParamGroup(tensors, std::make_unique<torch::optim::AdamWOptions>(settings));
  };
  return torch::optim::AdamW({group(decaying, options.weight_decay), group(others, 0)},
                             torch::optim::AdamWOptions(options.learning_rate));
}

double learning_rate(const TrainingOptions& options, std::int64_t step) {
  const double warm_up = std::min<double>(500, 0.05 * static_cast<double>(options.steps));
  const auto now = static_cast<double>(step);
  const double rising = std::min(1.0, (now + 1) / warm_up);
  return options.learning_rate * rising * 0.5 * (1 + std::cos(kPi * now / static_cast<double>(options.steps)));
}

struct Tokens {
  torch::Tensor ids;   // [n, t], t = length of the longest text
  torch::Tensor ends;  // [n]
};

Tokens tokens_of(const clip::BytePairTokenizer& tokenizer, const std::vector<std::string>& texts) {
  std::vector<torch::Tensor> rows;
  rows.reserve(texts.size());
  for (const std::string& text : texts) rows.push_back(torch::tensor(tokenizer.encode(text).ids));
  const torch::Tensor ids = at::stack(rows);
  const torch::Tensor ends = (ids == tokenizer.end_token()).to(torch::kInt).argmax(1);
  return {ids.narrow(1, 0, ends.max().item<std::int64_t>() + 1), ends};
}

// Returns a random part of each image's patches, or an undefined tensor for all patches.
torch::Tensor draw_patches(const TrainingOptions& options, std::int64_t step, std::int64_t images,
                           std::int64_t positions) {
  if (options.patches_seen >= 1 || 10 * step >= 9 * options.steps) return {};
  const auto kept = static_cast<std::int64_t>(std::lround(options.patches_seen * static_cast<double>(positions)));
  return torch::rand({images, positions}).argsort(1, /*descending=*/false).narrow(1, 0, kept);
}

torch::Tensor unit(const torch::Tensor& rows) { return rows / rows.norm(2, 1, true); }

// The features of some images and their captions, unit rows, with their autograd graph.
struct Features {
  torch::Tensor images;
  torch::Tensor texts;
};

struct LossGradient {
  TrainingStep step;
  Features features;    // rows of the gradient
  torch::Tensor scale;  // gradient by logit_scale
};

// Returns the loss of a batch and its gradient by the features, without the graphs of the two networks.
LossGradient differentiate_loss(const Network& network, const std::vector<Features>& parts, std::int64_t step) {
  std::vector<torch::Tensor> images;
  std::vector<torch::Tensor> texts;
  for (const Features& part : parts) {
    images.push_back(part.images.detach());
    texts.push_back(part.texts.detach());
  }
  const Features all = {at::cat(images).requires_grad_(), at::cat(texts).requires_grad_()};
  const torch::Tensor scale = network.logit_scale().clamp_max(std::log(kLargestScale)).exp();
  const torch::Tensor logits = scale * at::matmul(all.images, all.texts.t());
  const torch::Tensor own = torch::arange(logits.size(0));
  const torch::Tensor loss = (at::cross_entropy_loss(logits, own) + at::cross_entropy_loss(logits.t(), own)) / 2;
  const auto gradients = torch::autograd::grad({loss}, {all.images, all.texts, network.logit_scale()});
  const auto right = (logits.argmax(1) == own).to(torch::kDouble).mean().item<double>();
  return {{step, loss.item<double>(), right}, {gradients[0], gradients[1]}, gradients[2]};
}

class Trainer {
 public:
  Trainer(Network& network, const clip::BytePairTokenizer& tokenizer, PictureStream& stream,
          const TrainingOptions& options)
      : network_(network),
        tokenizer_(tokenizer),
        stream_(stream),
        options_(options),
        optimizer_(make_optimizer(network, options)) {
    for (const auto& [name, tensor] : network.weights()) {
      if (name != "logit_scale") tower_weights_.push_back(tensor);
    }
  }

  TrainingStep operator()(std::int64_t step) {
    for (auto& group : optimizer_.param_groups()) group.options().set_lr(learning_rate(options_, step));
    const Batch batch = stream_.next(options_.batch);
    const torch::Tensor patches = draw_patches(options_, step, options_.batch, network_.patches());
    const std::vector<Features> parts = forward(batch, tokens_of(tokenizer_, batch.captions), patches);
    const LossGradient gradient = differentiate_loss(network_, parts, step + 1);
    optimizer_.zero_grad();
    network_.logit_scale().mutable_grad() = gradient.scale;
    backward(parts, gradient.features);
    torch::nn::utils::clip_grad_norm_(tower_weights_, kLargestGradient);
    optimizer_.step();
    return gradient.step;
  }

 private:
  // Images per step through the networks: few, so that the activations stay in the processor's cache.
  static constexpr std::int64_t kPart = 32;

  std::vector<Features> forward(const Batch& batch, const Tokens& tokens, const torch::Tensor& patches) const {
    std::vector<Features> parts;
    runtime::in_blocks(
        options_.batch, kPart, options_.threads,
        [&](std::int64_t first, std::int64_t count) {
          const torch::Tensor seen = patches.defined() ? patches.narrow(0, first, count) : patches;
          return Features{
              unit(network_.images(batch.pixels.narrow(0, first, count), seen)),
              unit(network_.texts(tokens.ids.narrow(0, first, count), tokens.ends.narrow(0, first, count)))};
        },
        [&](Features part) { parts.push_back(std::move(part)); });
    return parts;
  }

  void backward(const std::vector<Features>& parts, const Features& gradient) {
    runtime::in_blocks(
        options_.batch, kPart, options_.threads,
        [&](std::int64_t first, std::int64_t count) {
          const Features& part = parts[static_cast<std::size_t>(first / kPart)];
          return torch::autograd::grad(
              {part.images, part.texts}, tower_weights_,
              {gradient.images.narrow(0, first, count), gradient.texts.narrow(0, first, count)});
        },
        [&](const std::vector<torch::Tensor>& gradients) {
          for (std::size_t i = 0; i < gradients.size(); ++i) {
            torch::Tensor& sum = tower_weights_[i].mutable_grad();
            sum = sum.defined() ? sum.add_(gradients[i]) : gradients[i].clone();
          }
        });
  }

  Network& network_;
  const clip::BytePairTokenizer& tokenizer_;
  PictureStream& stream_;
  TrainingOptions options_;
  torch::optim::AdamW optimizer_;
  std::vector<torch::Tensor> tower_weights_;  // all but logit_scale
};

}  // namespace

void train(Network& network, const clip::BytePairTokenizer& tokenizer, PictureStream& stream,
           const TrainingOptions& options, const std::function<void(const TrainingStep&)>& report) {
  Trainer trainer(network, tokenizer, stream, options);
  for (std::int64_t step = 0; step < options.steps; ++step) report(trainer(step));
}

}  // namespace trefoil::demo
