// Weights: the named tensors of a CLIP model, whichever of the released file formats they come from.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "trefoil/tensor.h"

namespace clip {

using NamedTensors = std::map<std::string, torch::Tensor>;

// Tensors under OpenAI's names. Layers take what they need; what nobody took is an error in the end, because it means
// that the file is of another architecture.
class Weights {
 public:
  Weights(NamedTensors tensors, std::filesystem::path source, std::string format);

  const std::string& format() const { return format_; }  // for people: "TorchScript archive", …

  bool has(const std::string& name) const { return tensors_.count(name) > 0; }

  // The size of dimension `dimension` of a tensor. Throws std::runtime_error when it is missing or has fewer.
  std::int64_t size(const std::string& name, std::size_t dimension) const;

  // How many of prefix + "0", prefix + "1", … have a tensor prefix + N + suffix.
  std::int64_t count(const std::string& prefix, const std::string& suffix) const;

  // The tensor as float32 on the CPU, once. Throws std::runtime_error when it is missing, has another shape than
  // expected, or holds a NaN or an infinity.
  torch::Tensor take(const std::string& name, const std::vector<std::int64_t>& shape);

  // Throws std::runtime_error naming what is left.
  void require_all_taken() const;

 private:
  [[noreturn]] void fail(const std::string& what) const;
  const torch::Tensor& find(const std::string& name) const;

  NamedTensors tensors_;
  std::filesystem::path source_;
  std::string format_;
};

// Reads a file of torch.save or torch.jit.save, as OpenAI's releases are, or .safetensors, in the names of OpenAI and
// open_clip or of Hugging Face. No code in the file is run. The format is told by content, not by name. Throws
// std::runtime_error naming the file and what is wrong with it.
Weights read_weights(const std::filesystem::path& path);

}  // namespace clip
