// CLIP (Radford et al., ICML 2021): image and text encoder in C++, with the released weights.
#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <memory>
#include <stdexcept>

#include "architecture.h"
#include "official_weights.h"
#include "text_transformer.h"
#include "tokenizer.h"
#include "trefoil/encoder.h"
#include "vision.h"
#include "weights.h"

namespace {

using namespace trefoil;

constexpr Parameter kParameters[] = {
    parameter::required(
        parameter::path("weights", "", "weight file: .pt, .pth or .bin of PyTorch (ViT-B-32.pt), or .safetensors")),
    parameter::required(parameter::path(
        "vocabulary", "",
        "vocabulary: bpe_simple_vocab_16e6.txt.gz, the folder of vocab.json and merges.txt, or merges.txt")),
    parameter::choice("precision", "float32|float16|bfloat16",
                      "dtype of weights and activations; float16 and bfloat16 need CUDA"),
    parameter::choice("kernels", "packed|plain",
                      "kernels on the CPU: packed (oneDNN with packed weights) or plain (LibTorch)"),
    parameter::choice("activation", "quick_gelu|gelu",
                      "activation of the transformers; OpenAI's models use quick_gelu"),
    parameter::choice("long_text", "cut|error", "treatment of a text with more tokens than the model reads"),
};

clip::Compute compute_of(const Parameters& parameters, torch::Device device) {
  clip::Compute compute;
  compute.device = device;
  const std::string& precision = parameters.text("precision");
  if (precision != "float32" && !device.is_cuda()) {
    throw std::runtime_error("encoder.precision = \"" + precision + "\" needs --device cuda; use float32 on the CPU");
  }
  compute.type = precision == "float16" ? torch::kHalf : precision == "bfloat16" ? torch::kBFloat16 : torch::kFloat;
  const bool packed = parameters.text("kernels") == "packed" && device.is_cpu();
  compute.kernels = packed ? clip::Kernels::packed : clip::Kernels::plain;
  compute.activation = parameters.text("activation") == "gelu" ? clip::Activation::gelu : clip::Activation::quick_gelu;
  return compute;
}

// The tokenizer, the image encoder and the text encoder.
struct Model {
  Model(clip::Weights& weights, const std::filesystem::path& vocabulary, const clip::Compute& chosen)
      : sizes(clip::read_architecture(weights)),
        compute(chosen),
        tokenizer(clip::read_vocabulary(vocabulary), sizes.text.context),
        vision(sizes.vision.residual_network ? clip::make_modified_resnet(weights, sizes, compute)
                                             : clip::make_vision_transformer(weights, sizes, compute)),
        text(weights, sizes, compute),
        logit_scale(std::exp(weights.take("logit_scale", {}).item<double>())) {
    weights.require_all_taken();
    if (tokenizer.vocabulary_size() != sizes.text.vocabulary) {
      throw std::runtime_error(vocabulary.string() + ": it has " + std::to_string(tokenizer.vocabulary_size()) +
                               " tokens, but the model has " + std::to_string(sizes.text.vocabulary) +
                               ": use the vocabulary of this model");
    }
  }

  clip::Architecture sizes;
  clip::Compute compute;
  clip::Tokenizer tokenizer;
  std::unique_ptr<clip::VisionTower> vision;
  clip::TextTransformer text;
  double logit_scale;
};

class Clip final : public Encoder {
 public:
  explicit Clip(const Parameters& parameters) : parameters_(parameters) {}

  void load(torch::Device device) override {
    const std::filesystem::path file = parameters_.text("weights");
    clip::Weights weights = clip::read_weights(file);
    model_ = std::make_unique<Model>(weights, parameters_.text("vocabulary"), compute_of(parameters_, device));
    const std::string_view name = clip::official_name(host().file_sha256(file));
    host().log(LogLevel::info, file.filename().string() + " is " +
                                   (name.empty() ? "not one of OpenAI's files" : "OpenAI's " + std::string(name)) +
                                   " (" + weights.format() + "): " + model_->sizes.description() + ", logit scale " +
                                   std::to_string(model_->logit_scale));
  }

  std::int64_t width() const override { return model().sizes.width; }

  PixelFormat pixel_format() const override {
    PixelFormat format;
    format.resolution = model().sizes.vision.resolution;
    return format;
  }

  torch::Tensor encode_images(const torch::Tensor& pixels) const override {
    const Model& clip = model();
    return (*clip.vision)(clip.compute.place(pixels)).to(torch::kCPU, torch::kFloat);
  }

  // Encodes texts of equal length together. So no padding is computed, and a feature does not depend on other texts.
  torch::Tensor encode_texts(const std::vector<std::string>& texts) const override {
    std::map<std::int64_t, std::vector<std::int64_t>> rows_of_length;
    const torch::Tensor ids = tokens(texts);
    for (std::int64_t i = 0; i < ids.size(0); ++i) rows_of_length[length(ids[i])].push_back(i);

    torch::Tensor features = torch::empty({ids.size(0), width()});
    for (auto& [length, rows] : rows_of_length) {
      const torch::Tensor places =
          torch::from_blob(rows.data(), {static_cast<std::int64_t>(rows.size())}, torch::kLong);
      const torch::Tensor group = ids.index_select(0, places).narrow(1, 0, length);
      features.index_copy_(0, places, model().text(group).to(torch::kCPU, torch::kFloat));
    }
    return features;
  }

  void check_texts(const std::vector<std::string>& texts) const override {
    std::vector<std::string> cut;
    for (const std::string& text : texts) {
      if (model().tokenizer.encode(text).cut) cut.push_back(text);
    }
    if (cut.empty()) return;
    const std::string context = std::to_string(model().sizes.text.context);
    const std::string count = std::to_string(cut.size()) + " of " + std::to_string(texts.size());
    if (parameters_.text("long_text") == "error") {
      throw std::runtime_error("texts with more than the " + context + " tokens that the model reads: " + count +
                               "; shorten them, or set encoder.long_text = \"cut\"; the first is: " + cut[0]);
    }
    host().log(LogLevel::warning,
               "texts cut to the " + context + " tokens that the model reads: " + count + "; the first is: " + cut[0]);
  }

  torch::Tensor tokens(const std::vector<std::string>& texts) const override {
    torch::Tensor ids =
        torch::empty({static_cast<std::int64_t>(texts.size()), model().sizes.text.context}, torch::kLong);
    auto* target = ids.data_ptr<std::int64_t>();
    for (const std::string& text : texts) {
      const clip::Tokenizer::Tokens encoded = model().tokenizer.encode(text);
      target = std::copy(encoded.ids.begin(), encoded.ids.end(), target);
    }
    return ids;
  }

 private:
  const Model& model() const {
    if (!model_) throw std::logic_error("the encoder is used before load()");
    return *model_;
  }

  // Returns the number of tokens up to and including the first end token. The feature is read at that position.
  std::int64_t length(const torch::Tensor& ids) const {
    return (ids == model().tokenizer.end_token()).nonzero()[0].item<std::int64_t>() + 1;
  }

  Parameters parameters_;
  std::unique_ptr<Model> model_;
};

}  // namespace

TREFOIL_ENCODER(Clip, "clip", "1.0.0", "CLIP image and text encoder, ViT and ResNet, from the released weight files",
                kParameters)
