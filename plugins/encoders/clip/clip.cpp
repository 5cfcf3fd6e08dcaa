// CLIP (Radford et al., ICML 2021): image and text encoder in C++, with the released weights.
#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <sstream>
#include <stdexcept>

#include "../three_numbers.h"
#include "architecture.h"
#include "model_settings.h"
#include "official_weights.h"
#include "text_transformer.h"
#include "tokenizer.h"
#include "trefoil/encoder.h"
#include "vision.h"
#include "weights.h"

namespace {

using namespace trefoil;

constexpr Parameter kParameters[] = {
    parameter::required(parameter::path(
        "weights", "", "weight file: .pt, .pth or .bin of PyTorch (ViT-B-32.pt), .safetensors, or a snapshot folder")),
    parameter::required(parameter::path(
        "vocabulary", "",
        "vocabulary: bpe_simple_vocab_16e6.txt.gz, the folder of vocab.json and merges.txt, tokenizer.json, or "
        "merges.txt")),
    parameter::choice("precision", "float32|float16|bfloat16",
                      "dtype of weights and activations; float16 and bfloat16 need CUDA"),
    parameter::choice("kernels", "packed|plain",
                      "kernels on the CPU: packed (oneDNN with packed weights) or plain (LibTorch)"),
    parameter::integer(
        "heads", 0, {0, 65536},
        "attention heads of the image encoder; 0: from the configuration beside the weights, else width / 64"),
    parameter::choice(
        "activation", "auto|quick_gelu|gelu",
        "activation of the transformers; auto: from the configuration beside the weights, else quick_gelu"),
    parameter::text("mean", "",
                    "mean of red, green and blue, each 0 to 1; empty: from the configuration, else OpenAI's values"),
    parameter::text("deviation", "",
                    "standard deviation of red, green and blue; empty: from the configuration, else OpenAI's values"),
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
  return compute;
}

// The settings from the configuration files, with the parameters as overrides.
clip::ModelSettings settings_of(const Parameters& parameters, const std::vector<std::filesystem::path>& files) {
  clip::ModelSettings settings = clip::read_model_settings(files);
  if (parameters.integer("heads") > 0) settings.vision_heads = {parameters.integer("heads"), "encoder.heads"};
  const std::string& activation = parameters.text("activation");
  if (activation != "auto") {
    settings.activation = {activation == "gelu" ? clip::Activation::gelu : clip::Activation::quick_gelu,
                           "encoder.activation"};
  }
  const std::string& mean = parameters.text("mean");
  if (!mean.empty()) settings.mean = {encoders::three_numbers("mean", mean), "encoder.mean"};
  const std::string& deviation = parameters.text("deviation");
  if (!deviation.empty()) {
    settings.deviation = {encoders::three_numbers("deviation", deviation), "encoder.deviation"};
  }
  return settings;
}

std::string colours_text(const std::optional<clip::Sourced<std::array<float, 3>>>& colours) {
  if (!colours) return "OpenAI's";
  std::ostringstream text;
  for (const float colour : colours->value) text << colour << ' ';
  return text.str() + "(" + colours->source + ")";
}

constexpr double kUsualLogitScale = 100;  // of all released models; it does not change features

// The tokenizer, the image encoder and the text encoder.
struct Model {
  Model(clip::Weights& weights, const std::filesystem::path& vocabulary, const clip::ModelSettings& chosen_settings,
        const clip::Compute& chosen)
      : settings(chosen_settings),
        sizes(clip::read_architecture(weights, settings)),
        compute(chosen),
        tokenizer(clip::read_vocabulary(vocabulary), sizes.text.context),
        vision(sizes.vision.residual_network ? clip::make_modified_resnet(weights, sizes, compute)
                                             : clip::make_vision_transformer(weights, sizes, compute)),
        text(weights, sizes, compute),
        logit_scale(std::exp(weights.take_number("logit_scale", std::log(kUsualLogitScale)))) {
    weights.require_all_taken();
    if (tokenizer.vocabulary_size() != sizes.text.vocabulary) {
      throw std::runtime_error(vocabulary.string() + ": it has " + std::to_string(tokenizer.vocabulary_size()) +
                               " tokens, but the model has " + std::to_string(sizes.text.vocabulary) +
                               ": use the vocabulary of this model");
    }
  }

  clip::ModelSettings settings;
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
    const clip::ModelSettings settings = settings_of(parameters_, files());
    clip::Compute compute = compute_of(parameters_, device);
    if (settings.activation) compute.activation = settings.activation->value;
    clip::Weights weights = clip::read_weights(file);
    model_ = std::make_unique<Model>(weights, parameters_.text("vocabulary"), settings, compute);
    const std::string_view name =
        std::filesystem::is_directory(file) ? "" : clip::official_name(host().file_sha256(file));
    describe(file, weights.format(), name);
  }

  std::vector<std::filesystem::path> files() const override {
    return clip::configuration_files(parameters_.text("weights"));
  }

  std::int64_t width() const override { return model().sizes.width; }

  PixelFormat pixel_format() const override {
    PixelFormat format;
    format.resolution = model().sizes.vision.resolution;
    if (model().settings.mean) format.mean = model().settings.mean->value;
    if (model().settings.deviation) format.deviation = model().settings.deviation->value;
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
  void describe(const std::filesystem::path& file, const std::string& format, std::string_view official_name) const {
    const clip::ModelSettings& settings = model_->settings;
    const std::string activation = model_->compute.activation == clip::Activation::gelu ? "gelu" : "quick_gelu";
    host().log(LogLevel::info,
               file.filename().string() + " is " +
                   (official_name.empty() ? "not one of OpenAI's files" : "OpenAI's " + std::string(official_name)) +
                   " (" + format + "): " + model_->sizes.description() + ", activation " + activation + " (" +
                   (settings.activation ? settings.activation->source : "default") + "), mean " +
                   colours_text(settings.mean) + ", deviation " + colours_text(settings.deviation) + ", logit scale " +
                   std::to_string(model_->logit_scale));
    if (official_name.empty() && clip::is_official_file_name(file.filename().string())) {
      host().log(LogLevel::warning, file.string() +
                                        " has the name of a file of OpenAI, but another SHA-256: it is damaged or "
                                        "changed; download it again if you want OpenAI's weights");
    }
    if (official_name.empty() && !settings.activation && !model_->sizes.vision.residual_network) {
      host().log(LogLevel::warning,
                 "the activation quick_gelu is a guess: no configuration lies beside the weights; set "
                 "encoder.activation, because gelu gives other features");
    }
  }

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
