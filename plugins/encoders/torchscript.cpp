// Runs a scripted image model (TorchScript). Class features come from a file, so the model needs no text encoder.
#include <c10/core/InferenceMode.h>
#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/serialization/import.h>

#include <optional>
#include <stdexcept>

#include "image_model.h"

namespace {

using namespace trefoil;

constexpr Parameter kParameters[] = {
    parameter::required(parameter::path("model", "", "TorchScript archive; the model maps [n, 3, R, R] to [n, D]")),
    parameter::boolean(
        "trust", false,
        "whether to run the program inside the model; it can do everything that you can do on this computer"),
    image_model::kTextFeatures,
    image_model::kTextTensor,
    image_model::kTextNames,
    image_model::kResolution,
    image_model::kMean,
    image_model::kDeviation,
};

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
    device_ = device;
    width_ = image_model::text_features(parameters_).size(1);
  }

  std::int64_t width() const override { return width_; }
  PixelFormat pixel_format() const override { return format_; }

  torch::Tensor encode_images(const torch::Tensor& pixels) const override {
    const c10::InferenceMode inference;
    torch::jit::Module model = model_.value();  // copies the handle only; the weights are shared
    return model.forward({pixels.to(device_)}).toTensor().to(torch::kCPU, torch::kFloat);
  }

  torch::Tensor encode_texts(const std::vector<std::string>& /*texts*/) const override {
    throw std::runtime_error(
        "a TorchScript image model cannot encode texts: its class features come from encoder.text_features");
  }

  torch::Tensor class_features(const std::vector<std::string>& class_names) const override {
    return image_model::class_features(parameters_, class_names);
  }

 private:
  Parameters parameters_;
  PixelFormat format_;
  std::optional<torch::jit::Module> model_;
  torch::Device device_ = torch::kCPU;
  std::int64_t width_ = 0;
};

}  // namespace

TREFOIL_ENCODER(TorchScript, "torchscript", "1.0.0",
                "Scripted image model (runs its program), with class features from a file", kParameters)
