#include "model_settings.h"

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "bounded_json.h"

namespace clip {

namespace {

using Json = nlohmann::json;

constexpr const char* kOpenClip = "open_clip_config.json";
constexpr const char* kHuggingFace = "config.json";
constexpr const char* kPreprocessor = "preprocessor_config.json";

[[noreturn]] void refuse(const std::filesystem::path& file, const std::string& problem) {
  throw std::runtime_error(file.string() + ": " + problem);
}

// The configuration of a model has a few kilobytes.
Json read_json(const std::filesystem::path& file) { return read_json_object(file, 1U << 20U); }

// The object under a key; an empty object if there is none.
Json object_at(const Json& parent, const char* key, const std::filesystem::path& file) {
  const auto found = parent.find(key);
  if (found == parent.end() || found->is_null()) return Json::object();
  if (!found->is_object()) refuse(file, std::string("'") + key + "' must be an object");
  return *found;
}

std::string text_at(const Json& parent, const char* key, const char* fallback, const std::filesystem::path& file) {
  const auto found = parent.find(key);
  if (found == parent.end() || found->is_null()) return fallback;
  if (!found->is_string()) refuse(file, std::string("'") + key + "' must be a text");
  return found->get<std::string>();
}

bool flag_at(const Json& parent, const char* key, const std::filesystem::path& file) {
  const auto found = parent.find(key);
  if (found == parent.end() || found->is_null()) return false;
  if (!found->is_boolean()) refuse(file, std::string("'") + key + "' must be true or false");
  return found->get<bool>();
}

std::optional<std::int64_t> count_at(const Json& parent, const char* key, const std::filesystem::path& file) {
  const auto found = parent.find(key);
  if (found == parent.end() || found->is_null()) return std::nullopt;
  constexpr std::int64_t kMost = 1 << 16;
  if (!found->is_number_integer() || found->get<std::int64_t>() < 1 || found->get<std::int64_t>() > kMost) {
    refuse(file, std::string("'") + key + "' must be a whole number from 1 to 65536");
  }
  return found->get<std::int64_t>();
}

std::optional<std::array<float, 3>> colours_at(const Json& parent, const char* key, const std::filesystem::path& file) {
  const auto found = parent.find(key);
  if (found == parent.end() || found->is_null()) return std::nullopt;
  std::array<float, 3> colours{};
  if (!found->is_array() || found->size() != colours.size()) {
    refuse(file, std::string("'") + key + "' must be an array of three numbers");
  }
  for (std::size_t i = 0; i < colours.size(); ++i) {
    if (!found->at(i).is_number()) refuse(file, std::string("'") + key + "' must be an array of three numbers");
    colours.at(i) = found->at(i).get<float>();
  }
  return colours;
}

Activation activation_named(const std::string& name, const std::filesystem::path& file) {
  if (name == "quick_gelu") return Activation::quick_gelu;
  if (name == "gelu") return Activation::gelu;
  refuse(file, "the activation '" + name + "' is not supported; known are quick_gelu and gelu");
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
    refuse(file, std::string("'") + key + "' is " + found->dump() +
                     ", as in CLIPA or other variants of CLIP, which this encoder does not compute: export the image "
                     "encoder for the encoder onnx or torchscript");
  };
  for (const char* key : {"no_ln_pre", "final_ln_after_pool", "attentional_pool"}) require_absent(vision, key, false);
  require_absent(vision, "pool_type", "tok");
  require_absent(text, "no_causal_mask", false);
  require_absent(text, "pool_type", "argmax");
}

// Format: https://github.com/mlfoundations/open_clip, src/open_clip/model.py (CLIPVisionCfg, CLIPTextCfg).
void read_open_clip(const std::filesystem::path& file, ModelSettings& settings) {
  const Json json = read_json(file);
  const Json model = json.contains("model_cfg") ? object_at(json, "model_cfg", file) : json;
  const Json vision = object_at(model, "vision_cfg", file);
  const Json text = object_at(model, "text_cfg", file);
  refuse_other_architecture(vision, text, file);
  const std::optional<std::int64_t> width = count_at(vision, "width", file);
  const std::int64_t head_width = count_at(vision, "head_width", file).value_or(64);
  if (width && *width % head_width == 0 && !vision.contains("timm_model_name")) {
    set(settings.vision_heads, std::optional(*width / head_width), file);
  }
  set(settings.text_heads, count_at(text, "heads", file), file);
  if (!vision.empty()) {
    const bool is_quick = flag_at(model, "quick_gelu", file);
    set(settings.activation, std::optional(is_quick ? Activation::quick_gelu : Activation::gelu), file);
  }
  const Json preprocessing = object_at(json, "preprocess_cfg", file);
  set(settings.mean, colours_at(preprocessing, "mean", file), file);
  set(settings.deviation, colours_at(preprocessing, "std", file), file);
}

// Format: https://huggingface.co/docs/transformers/model_doc/clip (CLIPConfig). Heads that are left out have the
// default of that class, which is 64 channels a head.
void read_hugging_face(const std::filesystem::path& file, ModelSettings& settings) {
  const Json json = read_json(file);
  const Json vision = object_at(json, "vision_config", file);
  const Json text = object_at(json, "text_config", file);
  if (vision.empty() && text.empty()) return;  // the configuration of something else, for example of a tokenizer
  const std::string model = text_at(json, "model_type", "clip", file);
  if (model != "clip") {
    refuse(file, "the model is of type '" + model +
                     "'; this encoder computes models of type 'clip' only: "
                     "export its image encoder for the encoder onnx or torchscript, or use weights of CLIP");
  }
  set(settings.vision_heads, count_at(vision, "num_attention_heads", file), file);
  set(settings.text_heads, count_at(text, "num_attention_heads", file), file);
  const auto activation = [&](const Json& tower) {
    return activation_named(text_at(tower, "hidden_act", "quick_gelu", file), file);
  };
  if (activation(vision) != activation(text)) {
    refuse(file, "'hidden_act' of images and texts differ, which is not supported");
  }
  set(settings.activation, std::optional(activation(vision)), file);
}

// Format: https://huggingface.co/docs/transformers/main_classes/image_processor
void read_preprocessor(const std::filesystem::path& file, ModelSettings& settings) {
  const Json json = read_json(file);
  set(settings.mean, colours_at(json, "image_mean", file), file);
  set(settings.deviation, colours_at(json, "image_std", file), file);
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
