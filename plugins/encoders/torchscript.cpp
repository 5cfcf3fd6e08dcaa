// Runs a scripted image model (TorchScript). Class features come from a file, so the model needs no text encoder.
#include <c10/core/InferenceMode.h>
#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/serialization/import.h>

#include <optional>
#include <sstream>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "image_model.h"

namespace {

using namespace trefoil;

constexpr Parameter kParameters[] = {
    parameter::required(parameter::path("model", "", "TorchScript archive; the model maps [n, 3, R, R] to [n, D]")),
    parameter::boolean(
        "trust", false,
        "whether to run the program inside the model; it can do everything that you can do on this computer"),
    parameter::text("output", "",
                    "index or key of the image features, if the model returns several tensors; empty: image_embeds, or "
                    "the only one of shape [n, D]"),
    image_model::kTextFeatures,
    image_model::kTextTensor,
    image_model::kTextNames,
    image_model::kResolution,
    image_model::kMean,
    image_model::kDeviation,
};

// The tensors that a model returns, each with its index or its key.
using Outputs = std::vector<std::pair<std::string, torch::Tensor>>;

Outputs outputs_of(const torch::jit::IValue& result) {
  Outputs outputs;
  const auto add = [&](const std::string& name, const torch::jit::IValue& value) {
    if (value.isTensor()) outputs.emplace_back(name, value.toTensor());
  };
  if (result.isTensor()) add("0", result);
  if (result.isTuple()) {
    const auto& elements = result.toTupleRef().elements();
    for (std::size_t i = 0; i < elements.size(); ++i) add(std::to_string(i), elements[i]);
  }
  if (result.isList()) {
    const auto elements = result.toListRef();
    for (std::size_t i = 0; i < elements.size(); ++i) add(std::to_string(i), elements[i]);
  }
  if (result.isGenericDict()) {
    for (const auto& entry : result.toGenericDict()) {
      if (entry.key().isString()) add(entry.key().toStringRef(), entry.value());
    }
  }
  return outputs;
}

// "0 [2, 50, 768], 1 [2, 512]".
std::string listed(const Outputs& outputs) {
  std::vector<std::string> texts;
  for (const auto& [name, tensor] : outputs) {
    std::ostringstream text;
    text << name << ' ' << tensor.sizes();
    texts.push_back(text.str());
  }
  return image_model::listed(texts);
}

// Returns the tensor with the features, whose shape is [n, D]. Throws std::runtime_error that lists all tensors if this
// cannot be known.
torch::Tensor chosen(const Outputs& outputs, const std::string& wanted, at::IntArrayRef shape) {
  std::vector<torch::Tensor> features;
  for (const auto& [name, tensor] : outputs) {
    if (name == (wanted.empty() ? "image_embeds" : wanted)) return tensor;
    if (tensor.sizes() == shape) features.push_back(tensor);
  }
  if (outputs.empty()) throw std::runtime_error("it returns no tensor: save a model that returns features [n, D]");
  if (!wanted.empty()) throw std::runtime_error("it returns no tensor '" + wanted + "', but: " + listed(outputs));
  if (outputs.size() == 1) return outputs.front().second;
  if (features.size() == 1) return features.front();
  throw std::runtime_error("it returns several tensors: set encoder.output to the one with the image features: " +
                           listed(outputs));
}

bool contains(const std::string& text, std::string_view words) { return text.find(words) != std::string::npos; }

// Returns the reason in an error of a model's program. The text has a traceback before, and the reason is in the last
// line.
std::string reason_of(const std::exception& error) {
  const auto* const of_torch = dynamic_cast<const c10::Error*>(&error);
  std::string text = of_torch != nullptr ? of_torch->what_without_backtrace() : error.what();
  const std::size_t reason = text.rfind("RuntimeError: ");
  if (reason != std::string::npos) text = text.substr(reason + std::string_view("RuntimeError: ").size());
  return text.substr(0, text.find('\n'));
}

std::string cure_of(const std::string& reason) {
  if (contains(reason, "CUDA") || contains(reason, "cuda")) {
    return "it was saved on a GPU: move the model to the CPU, trace or script it again, and save it";
  }
  if (contains(reason, "Half") || contains(reason, "BFloat16")) {
    return "it computes in half precision, which the CPU does not support: save it in float32 (model.float())";
  }
  return "check encoder.resolution, and that the model maps [n, 3, R, R] to [n, D]";
}

// Converts weights of half precision to float32: operators of the CPU do not support them.
void convert_to_float(torch::jit::Module& model) {
  const auto convert = [](const torch::Tensor& tensor) {
    const bool half = tensor.scalar_type() == torch::kHalf || tensor.scalar_type() == torch::kBFloat16;
    if (half) tensor.set_data(tensor.detach().to(torch::kFloat));
  };
  for (const torch::Tensor& parameter : model.parameters()) convert(parameter);
  for (const torch::Tensor& buffer : model.buffers()) convert(buffer);
}

class TorchScript final : public Encoder {
 public:
  explicit TorchScript(const Parameters& parameters)
      : parameters_(parameters), format_(image_model::pixel_format(parameters)) {}

  void load(torch::Device device) override {
    const std::string& path = parameters_.text("model");
    if (!parameters_.boolean("trust")) {
      throw std::runtime_error(path +
                               ": a TorchScript archive is a program, which can do anything on this computer: set "
                               "encoder.trust = true if you trust its author");
    }
    try {
      model_ = torch::jit::load(path, device);
    } catch (const c10::Error& error) {
      const std::string text = error.what_without_backtrace();
      throw std::runtime_error(path +
                               ": it cannot be read as a TorchScript archive: " + text.substr(0, text.find('\n')));
    }
    model_->eval();
    if (device.is_cpu()) convert_to_float(*model_);
    device_ = device;
    width_ = image_model::text_features(parameters_).size(1);
  }

  std::int64_t width() const override { return width_; }
  PixelFormat pixel_format() const override { return format_; }

  torch::Tensor encode_images(const torch::Tensor& pixels) const override {
    const c10::InferenceMode inference;
    const std::int64_t shape[] = {pixels.size(0), width_};
    try {
      return checked(chosen(outputs_of(result_of(pixels)), parameters_.text("output"), shape), shape);
    } catch (const std::runtime_error& error) {
      throw std::runtime_error(parameters_.text("model") + ": " + error.what());
    }
  }

  torch::Tensor encode_texts(const std::vector<std::string>& /*texts*/) const override {
    throw std::runtime_error(
        "a TorchScript image model cannot encode texts: its class features come from encoder.text_features");
  }

  torch::Tensor class_features(const std::vector<std::string>& class_names) const override {
    return image_model::class_features(parameters_, class_names);
  }

 private:
  torch::jit::IValue result_of(const torch::Tensor& pixels) const {
    torch::jit::Module model = model_.value();  // copies the handle only; the weights are shared
    try {
      return model.forward({pixels.to(device_)});
    } catch (const std::exception& error) {
      const std::string reason = reason_of(error);
      throw std::runtime_error("its program failed (" + reason + "): " + cure_of(reason));
    }
  }

  // Returns features of this shape [n, D], on the CPU.
  static torch::Tensor checked(const torch::Tensor& features, at::IntArrayRef shape) {
    if (features.sizes() == shape) return features.to(torch::kCPU, torch::kFloat);
    std::ostringstream text;
    text << "it returns features of shape " << features.sizes() << ", expected " << shape
         << " (images, columns of the class features): set encoder.output, or give class features of the same model";
    throw std::runtime_error(text.str());
  }

  Parameters parameters_;
  PixelFormat format_;
  std::optional<torch::jit::Module> model_;
  torch::Device device_ = torch::kCPU;
  std::int64_t width_ = 0;
};

}  // namespace

TREFOIL_ENCODER(TorchScript, "torchscript", "1.0.0",
                "Scripted image model (runs its program), with class features from a file", kParameters)
