// Small CLIP models with made-up weights, for tests that must not need the real ones.
#pragma once

#include <filesystem>
#include <string>

#include "support/tensor_maker.h"

namespace tests {

// OpenAI's names: R = 32, patches of 8, two layers of 64, D = 32; texts of 16 tokens out of the 514 of
// write_clip_vocabulary.
NamedTensors small_vit(std::uint32_t seed = 1);

// The same text tower under a ModifiedResNet: R = 32, stages of 1 1 1 1 bottlenecks on 4 channels (128 in the end).
NamedTensors small_resnet(std::uint32_t seed = 1);

// The tensors of `small_vit` as Hugging Face names and arranges them.
NamedTensors as_hugging_face(const NamedTensors& openai);

void write_tensors(const std::filesystem::path& file, const NamedTensors& tensors);

// A TorchScript archive that holds them as parameters of nested modules, as OpenAI's archives do.
void write_archive(const std::filesystem::path& file, const NamedTensors& tensors);

// A file of torch.save that holds them in a dictionary, each name with `prefix` in front. A prefix "state_dict." is a
// dictionary around them, beside the step of the training, as checkpoints have it.
void write_state_dictionary(const std::filesystem::path& file, const NamedTensors& tensors, const std::string& prefix);

// vocab.json and merges.txt of 514 symbols without merges, in `folder`. Returns the folder.
std::filesystem::path write_clip_vocabulary(const std::filesystem::path& folder);

}  // namespace tests
