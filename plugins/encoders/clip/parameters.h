// The parameters of the encoder `clip`, and what they say.
#pragma once

#include <filesystem>
#include <vector>

#include "compute.h"
#include "model_settings.h"
#include "trefoil/parameters.h"
#include "trefoil/pixel_format.h"

namespace clip {

namespace parameter = trefoil::parameter;

inline constexpr trefoil::Parameter kParameters[] = {
    parameter::required(parameter::path(
        "weights", "", "weight file: .pt, .pth or .bin of PyTorch (ViT-B-32.pt), .safetensors, or a snapshot folder")),
    parameter::required(parameter::path("vocabulary", "",
                                        "vocabulary: bpe_simple_vocab_16e6.txt.gz, the folder of vocab.json and "
                                        "merges.txt, tokenizer.json, or merges.txt; for SigLIP tokenizer.json")),
    parameter::choice(
        "precision", "float32|float16|bfloat16|int8|auto",
        "on the CPU: of the factors in matrix products (bfloat16 needs AVX512_BF16, int8 AVX512_VNNI); on "
        "CUDA: dtype of weights and activations; auto: bfloat16 or float16 where that is fast, else "
        "float32"),
    parameter::choice("kernels", "packed|plain",
                      "kernels on the CPU: packed (oneDNN with packed weights) or plain (LibTorch)"),
    parameter::integer(
        "heads", 0, {0, 65536},
        "attention heads of the image encoder; 0: from the configuration beside the weights, else usual for the width"),
    parameter::choice("activation", "auto|quick_gelu|gelu|gelu_tanh",
                      "activation of the transformers; auto: from the configuration beside the weights, else "
                      "quick_gelu, and for SigLIP gelu_tanh"),
    parameter::text(
        "mean", "",
        "mean of red, green and blue, each 0 to 1; empty: from the configuration, else OpenAI's values, or SigLIP's"),
    parameter::text(
        "deviation", "",
        "standard deviation of red, green and blue; empty: from the configuration, else OpenAI's values, or SigLIP's"),
    parameter::choice("framing", "auto|crop|squash",
                      "square of an image: its middle, or the whole image without its aspect ratio; auto: from the "
                      "configuration, else crop, and for SigLIP squash"),
    parameter::choice("interpolation", "auto|bicubic|bilinear",
                      "filter that scales images; auto: from the configuration, else bicubic"),
    parameter::choice("long_text", "cut|error", "treatment of a text with more tokens than the model reads"),
};

// Returns the precision on a device. "auto" is the fastest one there whose features were measured to be as good as
// those of float32: float16 on CUDA, bfloat16 on processors with AVX512_BF16, and float32 otherwise.
std::string precision_of(const trefoil::Parameters& parameters, torch::Device device);

// Throws std::runtime_error if the device does not compute in the precision.
Compute compute_of(const trefoil::Parameters& parameters, torch::Device device);

// Returns the settings from the configuration files, with the parameters as overrides.
ModelSettings settings_of(const trefoil::Parameters& parameters, const std::vector<std::filesystem::path>& files);

// Returns the name of a value in the parameters.
std::string name_of(Activation activation);
std::string name_of(trefoil::Framing framing);
std::string name_of(trefoil::Interpolation interpolation);

}  // namespace clip
