// Any scripted image model, with features of the classes from a file: for models that have no text tower here.
#include <ATen/ops/stack.h>
#include <c10/core/InferenceMode.h>
#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/serialization/import.h>

#include <algorithm>
#include <fstream>
#include <optional>
#include <sstream>
#include <stdexcept>

#include "trefoil/encoder.h"
#include "trefoil/tensor_file.h"

namespace {

using namespace trefoil;

constexpr Parameter kParameters[] = {
    parameter::required(parameter::path("model", "", "TorchScript archive: [n, 3, R, R] to [n, D]")),
    parameter::required(parameter::path("text_features", "", "features of the classes [C, D], .npy or .safetensors")),
    parameter::text("text_tensor", "", "name of the tensor, where the .safetensors file holds several"),
    parameter::path("text_names", "",
                    "their class names, one a line; without it the rows are in the order of the classes"),
    parameter::integer("resolution", 224, {1, 4096}, "R, side of the images in pixels"),
    parameter::text("mean", "0.48145466 0.4578275 0.40821073", "subtracted from red, green, blue, each 0 to 1"),
    parameter::text("deviation", "0.26862954 0.26130258 0.27577711", "by which red, green, blue are then divided"),
};

std::array<float, 3> three_numbers(const char* name, const std::string& text) {
  std::istringstream stream(text);
  std::array<float, 3> numbers{};
  std::string behind;
  for (float& number : numbers) stream >> number;
  if (!stream || stream >> behind) {
    throw std::runtime_error("encoder." + std::string(name) + " is three numbers with spaces between them; got '" +
                             text + "'");
  }
  return numbers;
}

std::vector<std::string> lines_of(const std::filesystem::path& path) {
  std::ifstream stream(path);
  if (!stream) throw std::runtime_error(path.string() + ": cannot be read");
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

class TorchScript final : public Encoder {
 public:
  explicit TorchScript(const Parameters& parameters) : parameters_(parameters) {
    format_.resolution = parameters.integer("resolution");
    format_.mean = three_numbers("mean", parameters.text("mean"));
    format_.deviation = three_numbers("deviation", parameters.text("deviation"));
  }

  void load(torch::Device device) override {
    const std::string& path = parameters_.text("model");
    try {
      model_ = torch::jit::load(path, device);
    } catch (const c10::Error& error) {
      const std::string text = error.what_without_backtrace();
      throw std::runtime_error(path + ": no TorchScript archive that can be read: " + text.substr(0, text.find('\n')));
    }
    model_->eval();
    device_ = device;
    width_ = text_features().size(1);
  }

  std::int64_t width() const override { return width_; }
  PixelFormat pixel_format() const override { return format_; }

  torch::Tensor encode_images(const torch::Tensor& pixels) const override {
    const c10::InferenceMode inference;
    torch::jit::Module model = model_.value();  // the same weights: only the handle is copied
    return model.forward({pixels.to(device_)}).toTensor().to(torch::kCPU, torch::kFloat);
  }

  torch::Tensor encode_texts(const std::vector<std::string>& /*texts*/) const override {
    throw std::runtime_error("a TorchScript image model has no texts; its class features come from text_features");
  }

  torch::Tensor class_features(const std::vector<std::string>& class_names) const override {
    const torch::Tensor features = text_features();
    const std::string& names_file = parameters_.text("text_names");
    if (names_file.empty()) {
      if (features.size(0) == static_cast<std::int64_t>(class_names.size())) return features;
      throw std::runtime_error(parameters_.text("text_features") + ": it has " + std::to_string(features.size(0)) +
                               " rows for " + std::to_string(class_names.size()) +
                               " classes; say which is which by encoder.text_names");
    }
    const std::vector<std::string> names = lines_of(names_file);
    if (static_cast<std::int64_t>(names.size()) != features.size(0)) {
      throw std::runtime_error(names_file + ": it has " + std::to_string(names.size()) + " names for " +
                               std::to_string(features.size(0)) + " rows of features");
    }
    std::vector<torch::Tensor> rows;
    for (const std::string& name : class_names) {
      const auto place = std::find(names.begin(), names.end(), name);
      if (place == names.end()) throw std::runtime_error(names_file + ": there is no class '" + name + "' in it");
      rows.push_back(features[place - names.begin()]);
    }
    return at::stack(rows);
  }

 private:
  torch::Tensor text_features() const {
    const std::string& tensor = parameters_.text("text_tensor");
    const std::string& file = parameters_.text("text_features");
    const torch::Tensor features = read_tensor(tensor.empty() ? file : file + "#" + tensor).to(torch::kFloat);
    if (features.dim() != 2) throw std::runtime_error(file + ": class features are a table [C, D]");
    return features.contiguous();
  }

  Parameters parameters_;
  PixelFormat format_;
  std::optional<torch::jit::Module> model_;
  torch::Device device_ = torch::kCPU;
  std::int64_t width_ = 0;
};

}  // namespace

TREFOIL_ENCODER(TorchScript, "torchscript", "1.0.0", "Any scripted image model, with class features from a file",
                kParameters)
