// CLIP (Radford et al., ICML 2021) and SigLIP (Zhai et al., ICCV 2023): image and text encoder in C++, with the
// released weights.
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

#include "architecture.h"
#include "model_settings.h"
#include "official_weights.h"
#include "parameters.h"
#include "text_transformer.h"
#include "tokenizer.h"
#include "trefoil/encoder.h"
#include "vision.h"
#include "weights.h"

namespace {

using namespace trefoil;

std::string colours_text(const std::optional<clip::Sourced<std::array<float, 3>>>& colours,
                         const clip::Family& family) {
  if (!colours) return std::string(family.name) + "'s";
  std::ostringstream text;
  for (const float colour : colours->value) text << colour << ' ';
  return text.str() + "(" + colours->source + ")";
}

// Returns where a setting comes from.
template <typename Value>
std::string source_of(const std::optional<clip::Sourced<Value>>& setting) {
  return " (" + (setting ? setting->source : "default") + ")";
}

constexpr double kUsualLogitScale = 100;  // of all released CLIP models; it does not change features

// The family's conventions, where the configuration does not say otherwise.
clip::Compute with_conventions(clip::Compute compute, const clip::Family& family, const clip::ModelSettings& settings) {
  compute.activation = settings.activation ? settings.activation->value : family.activation;
  compute.epsilon = settings.epsilon ? settings.epsilon->value : family.epsilon;
  return compute;
}

// The tokenizer, the image encoder and the text encoder.
struct Model {
  Model(clip::Weights& weights, const std::filesystem::path& vocabulary, const clip::ModelSettings& chosen_settings,
        const clip::Compute& chosen)
      : settings(chosen_settings),
        sizes(clip::read_architecture(weights, settings)),
        compute(with_conventions(chosen, sizes.family, settings)),
        tokenizer(clip::read_tokenizer(vocabulary, sizes.text.context)),
        vision(clip::make_vision_tower(weights, sizes, compute)),
        text(weights, sizes, compute),
        logit_scale(std::exp(weights.take_number("logit_scale", std::log(kUsualLogitScale)))) {
    weights.require_all_taken();
    if (tokenizer->vocabulary_size() != sizes.text.vocabulary) {
      throw std::runtime_error(vocabulary.string() + ": it has " + std::to_string(tokenizer->vocabulary_size()) +
                               " tokens, but the model has " + std::to_string(sizes.text.vocabulary) +
                               ": use the vocabulary of this model");
    }
  }

  clip::ModelSettings settings;
  clip::Architecture sizes;
  clip::Compute compute;
  std::unique_ptr<clip::Tokenizer> tokenizer;
  std::unique_ptr<clip::VisionTower> vision;
  clip::TextTransformer text;
  double logit_scale;
};

class Clip final : public Encoder {
 public:
  explicit Clip(const Parameters& parameters) : parameters_(parameters) {}

  void load(torch::Device device) override {
    const std::filesystem::path file = parameters_.text("weights");
    const clip::ModelSettings settings = clip::settings_of(parameters_, files());
    clip::Weights weights = clip::read_weights(file);
    model_ = std::make_unique<Model>(weights, parameters_.text("vocabulary"), settings,
                                     clip::compute_of(parameters_, device));
    const std::string_view name =
        std::filesystem::is_directory(file) ? "" : clip::official_name(host().file_sha256(file));
    describe(file, weights.format(), name);
    if (!variant(device).empty()) host().log(LogLevel::info, variant(device) + " (auto, for this device)");
  }

  std::vector<std::filesystem::path> files() const override {
    return clip::configuration_files(parameters_.text("weights"));
  }

  std::string variant(torch::Device device) const override {
    const bool chosen_here = parameters_.text("precision") == "auto";
    return chosen_here ? "precision " + clip::precision_of(parameters_, device) : "";
  }

  std::int64_t width() const override { return model().sizes.width; }

  PixelFormat pixel_format() const override {
    const clip::ModelSettings& settings = model().settings;
    PixelFormat format = model().sizes.family.pixels;
    format.resolution = model().sizes.vision.resolution;
    if (settings.mean) format.mean = settings.mean->value;
    if (settings.deviation) format.deviation = settings.deviation->value;
    if (settings.framing) format.framing = settings.framing->value;
    if (settings.interpolation) format.interpolation = settings.interpolation->value;
    return format;
  }

  torch::Tensor encode_images(const torch::Tensor& pixels) const override {
    const Model& clip = model();
    return (*clip.vision)(clip.compute.place(pixels)).to(torch::kCPU, torch::kFloat);
  }

  // Encodes texts of equal length together. So no padding is computed that the model does not read, and a feature does
  // not depend on other texts.
  torch::Tensor encode_texts(const std::vector<std::string>& texts) const override {
    const TokenTable table = table_of(texts);
    const torch::Tensor& ids = table.ids;
    torch::Tensor features = torch::empty({ids.size(0), width()});
    for (auto [length, rows] : table.rows_of_length) {
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
      if (model().tokenizer->encode(text).cut) cut.push_back(text);
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

  torch::Tensor tokens(const std::vector<std::string>& texts) const override { return table_of(texts).ids; }

 private:
  struct TokenTable {
    torch::Tensor ids;                                                 // [n, context] int64
    std::map<std::int64_t, std::vector<std::int64_t>> rows_of_length;  // texts by the number of ids that are read
  };

  TokenTable table_of(const std::vector<std::string>& texts) const {
    const auto count = static_cast<std::int64_t>(texts.size());
    TokenTable table{torch::empty({count, model().sizes.text.context}, torch::kLong), {}};
    auto* target = table.ids.data_ptr<std::int64_t>();
    for (std::int64_t i = 0; i < count; ++i) {
      const clip::Tokenizer::Tokens encoded = model().tokenizer->encode(texts[static_cast<std::size_t>(i)]);
      target = std::copy(encoded.ids.begin(), encoded.ids.end(), target);
      table.rows_of_length[encoded.length].push_back(i);
    }
    return table;
  }

  void describe(const std::filesystem::path& file, const std::string& format, std::string_view official_name) const {
    const clip::ModelSettings& settings = model_->settings;
    const clip::Family& family = model_->sizes.family;
    const PixelFormat pixels = pixel_format();
    host().log(LogLevel::info,
               file.filename().string() + " is " +
                   (official_name.empty() ? "not one of OpenAI's files" : "OpenAI's " + std::string(official_name)) +
                   " (" + format + "): " + model_->sizes.description() + ", activation " +
                   clip::name_of(model_->compute.activation) + source_of(settings.activation) + ", mean " +
                   colours_text(settings.mean, family) + ", deviation " + colours_text(settings.deviation, family) +
                   ", framing " + clip::name_of(pixels.framing) + source_of(settings.framing) + ", interpolation " +
                   clip::name_of(pixels.interpolation) + source_of(settings.interpolation) + ", logit scale " +
                   std::to_string(model_->logit_scale));
    if (official_name.empty() && clip::is_official_file_name(file.filename().string())) {
      host().log(LogLevel::warning, file.string() +
                                        " has the name of a file of OpenAI, but another SHA-256: it is damaged or "
                                        "changed; download it again if you want OpenAI's weights");
    }
    if (official_name.empty() && !settings.activation && model_->sizes.vision.kind == clip::VisionKind::class_token) {
      host().log(LogLevel::warning,
                 "the activation quick_gelu is a guess: no configuration lies beside the weights; set "
                 "encoder.activation, because gelu gives other features");
    }
    if (!settings.interpolation && model_->sizes.vision.kind == clip::VisionKind::pooling_head) {
      host().log(LogLevel::warning,
                 "the interpolation bicubic is a guess: no preprocessor_config.json lies beside the weights; SigLIP 2 "
                 "needs encoder.interpolation = \"bilinear\"");
    }
  }

  const Model& model() const {
    if (!model_) throw std::logic_error("the encoder is used before load()");
    return *model_;
  }

  Parameters parameters_;
  std::unique_ptr<Model> model_;
};

}  // namespace

TREFOIL_ENCODER(Clip, "clip", "1.0.0", "CLIP and SigLIP: image and text encoder from the released weight files",
                clip::kParameters)
