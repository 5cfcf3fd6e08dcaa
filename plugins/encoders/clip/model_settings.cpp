#include "model_settings.h"

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "bounded_json.h"
#include "refuse_file.h"

namespace clip {

namespace {

using Json = nlohmann::json;

constexpr const char* kOpenClip = "open_clip_config.json";
constexpr const char* kHuggingFace = "config.json";
constexpr const char* kPreprocessor = "preprocessor_config.json";

// The configuration of a model has a few kilobytes.
Json read_json(const std::filesystem::path& file) { return read_json_object(file, 1U << 20U); }

// The object under a key; an empty object if there is none.
Json object_at(const Json& parent, const char* key, const std::filesystem::path& file) {
  const auto found = parent.find(key);
  if (found == parent.end() || found->is_null()) return Json::object();
  if (!found->is_object()) refuse_file(file, std::string("'") + key + "' must be an object");
  return *found;
}

std::string optional_text(const Json& parent, const char* key, const char* fallback,
                          const std::filesystem::path& file) {
  const auto found = parent.find(key);
  if (found == parent.end() || found->is_null()) return fallback;
  if (!found->is_string()) refuse_file(file, std::string("'") + key + "' must be a text");
  return found->get<std::string>();
}

bool optional_flag(const Json& parent, const char* key, const std::filesystem::path& file) {
  const auto found = parent.find(key);
  if (found == parent.end() || found->is_null()) return false;
  if (!found->is_boolean()) refuse_file(file, std::string("'") + key + "' must be true or false");
  return found->get<bool>();
}

std::optional<std::int64_t> count_at(const Json& parent, const char* key, const std::filesystem::path& file) {
  const auto found = parent.find(key);
  if (found == parent.end() || found->is_null()) return std::nullopt;
  constexpr std::int64_t kMost = 1 << 16;
  if (!found->is_number_integer() || found->get<std::int64_t>() < 1 || found->get<std::int64_t>() > kMost) {
    refuse_file(file, std::string("'") + key + "' must be a whole number from 1 to 65536");
  }
  return found->get<std::int64_t>();
}

std::optional<std::array<float, 3>> colours_at(const Json& parent, const char* key, const std::filesystem::path& file) {
  const auto found = parent.find(key);
  if (found == parent.end() || found->is_null()) return std::nullopt;
  std::array<float, 3> colours{};
  if (!found->is_array() || found->size() != colours.size()) {
    refuse_file(file, std::string("'") + key + "' must be an array of three numbers");
  }
  for (std::size_t i = 0; i < colours.size(); ++i) {
    if (!found->at(i).is_number()) refuse_file(file, std::string("'") + key + "' must be an array of three numbers");
    colours.at(i) = found->at(i).get<float>();
  }
  return colours;
}

Activation activation_named(const std::string& name, const std::filesystem::path& file) {
  if (name == "quick_gelu") return Activation::quick_gelu;
  if (name == "gelu") return Activation::gelu;
  if (name == "gelu_pytorch_tanh" || name == "gelu_new" || name == "gelu_fast") return Activation::gelu_tanh;
  refuse_file(file, "the activation '" + name + "' is not supported; known are quick_gelu, gelu and gelu_pytorch_tanh");
}

std::optional<float> epsilon_at(const Json& parent, const std::filesystem::path& file) {
  const auto found = parent.find("layer_norm_eps");
  if (found == parent.end() || found->is_null()) return std::nullopt;
  const double epsilon = found->is_number() ? found->get<double>() : 0;
  if (!(epsilon > 0 && epsilon < 1)) refuse_file(file, "'layer_norm_eps' must be a number above 0 and below 1");
  return static_cast<float>(epsilon);
}

// Returns the side of square images under a key, if it holds an object of height and width.
std::optional<std::int64_t> side_at(const Json& parent, const char* key, const std::filesystem::path& file) {
  const auto found = parent.find(key);
  if (found == parent.end() || !found->is_object()) return std::nullopt;
  const std::optional<std::int64_t> height = count_at(*found, "height", file);
  if (height != count_at(*found, "width", file)) {
    refuse_file(file, std::string("'height' and 'width' in '") + key +
                          "' differ, but this encoder computes square images only");
  }
  return height;
}

template <typename Value>
void set(std::optional<Sourced<Value>>& setting, const std::optional<Value>& value, const std::filesystem::path& file) {
  if (!setting && value) setting = Sourced<Value>{*value, file.filename().string()};
}

// Throws std::runtime_error if the settings of open_clip ask for a computation that OpenAI's CLIP does not have.
void refuse_other_architecture(const Json& vision, const Json& text, const std::filesystem::path& file) {
  const auto require_absent = [&](const Json& tower, const char* key, const Json& usual) {
    const auto found = tower.find(key);
    if (found == tower.end() || *found == usual || found->is_null()) return;
    refuse_file(file,
                std::string("'") + key + "' is " + found->dump() +
                    ", as in CLIPA or other variants of CLIP, which this encoder does not compute: export the image "
                    "encoder for the encoder onnx or torchscript");
  };
  for (const char* key : {"no_ln_pre", "final_ln_after_pool", "attentional_pool"}) require_absent(vision, key, false);
  require_absent(vision, "pool_type", "tok");
  require_absent(text, "no_causal_mask", false);
  require_absent(text, "pool_type", "argmax");
}

std::optional<trefoil::Framing> framing_named(const std::string& name, const std::filesystem::path& file) {
  if (name.empty()) return std::nullopt;
  if (name == "shortest") return trefoil::Framing::crop;
  if (name == "squash") return trefoil::Framing::squash;
  refuse_file(file, "the 'resize_mode' '" + name + "' is not supported; known are shortest and squash");
}

std::optional<trefoil::Interpolation> interpolation_named(const std::string& name, const std::filesystem::path& file) {
  if (name.empty()) return std::nullopt;
  if (name == "bicubic") return trefoil::Interpolation::bicubic;
  if (name == "bilinear") return trefoil::Interpolation::bilinear;
  refuse_file(file, "the 'interpolation' '" + name + "' is not supported; known are bicubic and bilinear");
}

// Format: https://github.com/mlfoundations/open_clip, src/open_clip/model.py (CLIPVisionCfg, CLIPTextCfg).
void read_open_clip(const std::filesystem::path& file, ModelSettings& settings) {
  const Json json = read_json(file);
  const Json model = json.contains("model_cfg") ? object_at(json, "model_cfg", file) : json;
  const Json vision = object_at(model, "vision_cfg", file);
  const Json text = object_at(model, "text_cfg", file);
  // The weights show whether an image encoder of timm is one that is computed here, and its family is known from them.
  const bool is_timm = vision.contains("timm_model_name");
  if (!is_timm) refuse_other_architecture(vision, text, file);
  const std::optional<std::int64_t> width = count_at(vision, "width", file);
  const std::int64_t head_width = count_at(vision, "head_width", file).value_or(64);
  if (width && *width % head_width == 0 && !is_timm) {
    set(settings.vision_heads, std::optional(*width / head_width), file);
  }
  set(settings.text_heads, count_at(text, "heads", file), file);
  // A list of height and width is left out, because the shapes of the weights show the same.
  if (vision.contains("image_size") && vision.at("image_size").is_number()) {
    set(settings.resolution, count_at(vision, "image_size", file), file);
  }
  if (!vision.empty() && !is_timm) {
    const bool is_quick = optional_flag(model, "quick_gelu", file);
    set(settings.activation, std::optional(is_quick ? Activation::quick_gelu : Activation::gelu), file);
  }
  const Json preprocessing = object_at(json, "preprocess_cfg", file);
  set(settings.framing, framing_named(optional_text(preprocessing, "resize_mode", "", file), file), file);
  set(settings.interpolation, interpolation_named(optional_text(preprocessing, "interpolation", "", file), file), file);
  set(settings.mean, colours_at(preprocessing, "mean", file), file);
  set(settings.deviation, colours_at(preprocessing, "std", file), file);
}

// The values that Hugging Face's class uses if the configuration leaves them out.
struct Usual {
  const char* activation;
  float epsilon;
};

Usual usual_values(const std::string& model, const std::filesystem::path& file) {
  if (model == "clip") return {"quick_gelu", 1e-5F};
  if (model == "siglip") return {"gelu_pytorch_tanh", 1e-6F};
  if (model == "siglip2") {
    refuse_file(
        file,
        "the model is SigLIP 2 for images of any size (NaFlex), which this encoder does not compute: use a model of "
        "a fixed resolution, such as siglip2-base-patch16-224");
  }
  refuse_file(file,
              "the model is of type '" + model +
                  "'; this encoder computes models of the types 'clip' and 'siglip' only: export its image encoder "
                  "for the encoder onnx or torchscript, or use weights of CLIP or SigLIP");
}

// Format: https://huggingface.co/docs/transformers/model_doc/clip (CLIPConfig) and …/model_doc/siglip (SiglipConfig).
// Heads that are left out have the default of that class, which is usual for the width of the model.
void read_hugging_face(const std::filesystem::path& file, ModelSettings& settings) {
  const Json json = read_json(file);
  const Json vision = object_at(json, "vision_config", file);
  const Json text = object_at(json, "text_config", file);
  if (vision.empty() && text.empty()) return;  // the configuration of something else, for example of a tokenizer
  const Usual usual = usual_values(optional_text(json, "model_type", "clip", file), file);
  const auto activation = [&](const Json& tower) {
    return activation_named(optional_text(tower, "hidden_act", usual.activation, file), file);
  };
  if (activation(vision) != activation(text)) {
    refuse_file(file, "'hidden_act' of images and texts differ, which is not supported");
  }
  const float epsilon = epsilon_at(vision, file).value_or(usual.epsilon);
  if (epsilon != epsilon_at(text, file).value_or(usual.epsilon)) {
    refuse_file(file, "'layer_norm_eps' of images and texts differ, which is not supported");
  }
  set(settings.activation, std::optional(activation(vision)), file);
  set(settings.epsilon, std::optional(epsilon), file);
  set(settings.vision_heads, count_at(vision, "num_attention_heads", file), file);
  set(settings.text_heads, count_at(text, "num_attention_heads", file), file);
  set(settings.resolution, count_at(vision, "image_size", file), file);
}

// Pillow's numbers of filters.
std::optional<trefoil::Interpolation> resampling_at(const Json& json, const std::filesystem::path& file) {
  const auto found = json.find("resample");
  if (found == json.end() || found->is_null()) return std::nullopt;
  if (*found == 2) return trefoil::Interpolation::bilinear;
  if (*found == 3) return trefoil::Interpolation::bicubic;
  refuse_file(file, "'resample' must be 2 (bilinear) or 3 (bicubic)");
}

// Format: https://huggingface.co/docs/transformers/main_classes/image_processor
void read_preprocessor(const std::filesystem::path& file, ModelSettings& settings) {
  const Json json = read_json(file);
  set(settings.mean, colours_at(json, "image_mean", file), file);
  set(settings.deviation, colours_at(json, "image_std", file), file);
  set(settings.interpolation, resampling_at(json, file), file);
  // A size of {"shortest_edge": 224} keeps the aspect ratio; one of height and width does not.
  const std::optional<std::int64_t> side = side_at(json, "size", file);
  if (!side) return;
  set(settings.framing, std::optional(trefoil::Framing::squash), file);
  set(settings.resolution, side, file);
}

}  // namespace

std::vector<std::filesystem::path> configuration_files(const std::filesystem::path& weights) {
  const std::filesystem::path folder =
      std::filesystem::is_directory(weights) ? weights : std::filesystem::absolute(weights).parent_path();
  std::vector<std::filesystem::path> files;
  for (const char* name : {kOpenClip, kHuggingFace, kPreprocessor}) {
    if (std::filesystem::is_regular_file(folder / name)) files.push_back(folder / name);
  }
  return files;
}

ModelSettings read_model_settings(const std::vector<std::filesystem::path>& files) {
  ModelSettings settings;
  for (const std::filesystem::path& file : files) {
    if (file.filename() == kOpenClip) read_open_clip(file, settings);
    if (file.filename() == kHuggingFace) read_hugging_face(file, settings);
    if (file.filename() == kPreprocessor) read_preprocessor(file, settings);
  }
  return settings;
}

}  // namespace clip
