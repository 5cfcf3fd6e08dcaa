// Weights: the named tensors of a CLIP model, read from any of the released file formats.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "trefoil/tensor.h"

namespace clip {

using NamedTensors = std::map<std::string, torch::Tensor>;

// Tensors under OpenAI's names. Each layer takes its tensors. A tensor that no layer has taken is an error, because the
// file then belongs to another architecture.
class Weights {
 public:
  Weights(NamedTensors tensors, std::filesystem::path source, std::string format);

  const std::string& format() const { return format_; }  // for messages: "PyTorch file", …

  bool has(const std::string& name) const { return tensors_.count(name) > 0; }

  // Returns the size of one dimension of a tensor. Throws std::runtime_error if the tensor is missing, has fewer
  // dimensions, or has no elements.
  std::int64_t size(const std::string& name, std::size_t dimension) const;

  // Returns the number of consecutive N = 0, 1, … for which there is a tensor prefix + N + suffix.
  std::int64_t count(const std::string& prefix, const std::string& suffix) const;

  // Removes a tensor and returns it as float32 on the CPU. Throws std::runtime_error if it is missing, has another
  // shape, or holds a NaN or an infinity.
  torch::Tensor take(const std::string& name, const std::vector<std::int64_t>& shape);

  // Removes a single number, of shape [] or [1], and returns it. Returns `fallback` if it is missing.
  double take_number(const std::string& name, double fallback);

  // Throws std::runtime_error that names the tensors that have not been taken.
  void require_all_taken() const;

 private:
  [[noreturn]] void fail(const std::string& what) const;
  const torch::Tensor& find(const std::string& name) const;

  NamedTensors tensors_;
  std::filesystem::path source_;
  std::string format_;
};

// Reads a file of torch.save or torch.jit.save, such as OpenAI's releases, a .safetensors file, an index of several
// such files, or a folder that holds one of these under its usual name. Tensors may have the names of OpenAI, open_clip
// or Hugging Face. The format is detected from the content, not from the file name. No code in the file is run. Throws
// std::runtime_error that names the file and the problem.
Weights read_weights(const std::filesystem::path& path);

}  // namespace clip
