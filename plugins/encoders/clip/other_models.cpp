#include "other_models.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace clip {

namespace {

struct Sign {
  std::string_view prefix;  // the beginning of a tensor's name
  const char* model;
};

// The first sign that is found counts, so special models come before general ones. The names are those of Hugging Face
// Transformers, open_clip, timm, torchvision, and the releases of EVA-CLIP and DINOv2.
constexpr std::array<Sign, 18> kSigns = {{
    {"visual.trunk.", "an open_clip model with an image encoder of timm, which is missing here"},
    {"visual.blocks.0.", "an EVA-CLIP model: its image encoder is missing here"},
    {"text_decoder.", "a CoCa model: its pooling of images by attention and its decoder of texts are missing here"},
    {"visual.attn_pool.", "a CLIP model with another pooling of images, which is missing here"},
    {"text.transformer.embeddings.", "an open_clip model with a text encoder of Hugging Face, which is missing here"},
    {"text.transformer.encoder.", "an open_clip model with a text encoder of Hugging Face, which is missing here"},
    {"qformer.", "a BLIP-2 model, which is missing here"},
    {"text_encoder.embeddings.", "a BLIP model, which is missing here"},
    {"dinov2.", "a DINOv2 model, which has no text encoder, so it cannot compare images with class names"},
    {"embeddings.mask_token", "an image model in Hugging Face's format (such as DINOv2), which has no text encoder"},
    {"embeddings.cls_token", "an image model in Hugging Face's format (such as ViT), which has no text encoder"},
    {"blocks.0.ls1.gamma", "a DINOv2 model, which has no text encoder, so it cannot compare images with class names"},
    {"blocks.0.0.ls1.gamma", "a DINOv2 model, which has no text encoder, so it cannot compare images with class names"},
    {"blocks.0.attn.", "an image model in timm's format, which has no text encoder"},
    {"vit.encoder.", "an image model in Hugging Face's format, which has no text encoder"},
    {"layer1.0.conv1.", "a ResNet in torchvision's format, which has no text encoder"},
    {"bert.", "a text model (BERT), which has no image encoder"},
    {"image_encoder.", "a model with the image encoder under 'image_encoder.', which is not a format of CLIP"},
}};

bool has(const NamedTensors& tensors, std::string_view prefix) {
  const auto found = tensors.lower_bound(std::string(prefix));
  return found != tensors.end() && found->first.compare(0, prefix.size(), prefix) == 0;
}

// NaFlex models take patches of images of any size, so their first layer is a dense one.
bool has_dense_patch_layer(const NamedTensors& tensors) {
  const auto found = tensors.find("vision_model.embeddings.patch_embedding.weight");
  return found != tensors.end() && found->second.dim() == 2;
}

}  // namespace

std::string other_model(const NamedTensors& tensors) {
  const auto* const found =
      std::find_if(kSigns.begin(), kSigns.end(), [&](const Sign& sign) { return has(tensors, sign.prefix); });
  if (found != kSigns.end()) return found->model;
  if (has_dense_patch_layer(tensors)) {
    return "a SigLIP 2 model for images of any size (NaFlex), which is missing here; models of a fixed resolution are "
           "computed";
  }
  const bool images = has(tensors, "vision_model.") || has(tensors, "visual.");
  const bool texts = has(tensors, "text_model.") || has(tensors, "token_embedding.");
  if (images && has(tensors, "text.token_embedding.")) {
    return "an open_clip model whose text encoder is under 'text.', which is not read here";
  }
  if (images && !texts) return "the image encoder of a CLIP or SigLIP model without its text encoder";
  if (texts && !images) return "the text encoder of a CLIP or SigLIP model without its image encoder";
  const bool transformer = has(tensors, "visual.conv1.weight") && has(tensors, "visual.transformer.");
  if (transformer && !has(tensors, "visual.ln_pre.")) {
    return "a CLIP model without a normalisation before the image transformer (such as CLIPA), which is missing here";
  }
  return "";
}

}  // namespace clip
