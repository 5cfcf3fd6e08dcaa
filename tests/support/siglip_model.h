// A small SigLIP model with made-up weights.
#pragma once

#include <filesystem>

#include "support/clip_model.h"

namespace tests {

// The sizes of the small model. The last four pixels of a row or column fill no patch.
struct SmallSiglip {
  static constexpr std::int64_t resolution = 28;
  static constexpr std::int64_t patch = 8;
  static constexpr std::int64_t width = 64;  // of the image encoder, and of the features
  static constexpr std::int64_t heads = 4;
  static constexpr std::int64_t text_width = 48;
  static constexpr std::int64_t text_heads = 3;
  static constexpr std::int64_t layers = 2;
  static constexpr std::int64_t context = 8;
  static constexpr std::int64_t vocabulary = 24;
};

// The tensors with Hugging Face's names. The numbers of each are normal_numbers of a seed of its own.
NamedTensors small_siglip();

// The tensors of `small_siglip` as open_clip names and arranges them, with timm's image encoder.
NamedTensors as_open_clip_siglip(const NamedTensors& tensors);

// Writes config.json, preprocessor_config.json, model.safetensors and tokenizer.json into the folder. The tokenizer has
// the pieces <pad>, </s>, <unk>, "▁", those of "▁a", "▁dog", "▁cat" and the letters. Returns the folder.
std::filesystem::path write_siglip(const std::filesystem::path& folder);

}  // namespace tests
