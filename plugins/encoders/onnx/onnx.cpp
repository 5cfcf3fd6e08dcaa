// Runs an image model in ONNX format on the CPU. Class features come from a file.
#include <ATen/ops/empty.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "../image_model.h"
#include "session.h"
#include "summary.h"
#include "tensor_files.h"

namespace {

using namespace trefoil;

constexpr Parameter kParameters[] = {
    parameter::required(parameter::path("model", "", "ONNX file; the model maps [n, 3, R, R] to [n, D]")),
    parameter::text("output", "",
                    "name of the output with the image features; empty: the only one, or image_embeds of several"),
    image_model::kTextFeatures,
    image_model::kTextTensor,
    image_model::kTextNames,
    image_model::kResolution,
    image_model::kMean,
    image_model::kDeviation,
};

std::string read_file(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  if (!std::filesystem::is_regular_file(path) || !stream)  // a device may have no end
    throw std::runtime_error(path + ": the file cannot be read");
  return {std::istreambuf_iterator<char>(stream), {}};
}

// Whether the file lies in the folder of the model. A link does if it leads there, or to the folder that the model
// itself is a link to, as in the cache of Hugging Face.
bool is_beside(const std::filesystem::path& file, const std::filesystem::path& model) {
  const std::filesystem::path folder = std::filesystem::canonical(file).parent_path();
  return folder == std::filesystem::canonical(model).parent_path() ||
         folder == std::filesystem::canonical(std::filesystem::absolute(model).parent_path());
}

// Throws std::runtime_error if the model refers to a file in another folder, or to one that is missing. The path of a
// file could name any file of the computer, and ONNX Runtime 1.21 would read it.
void require_files_beside(const std::filesystem::path& path, const std::string& model) {
  for (const std::string& name : onnx_model::tensor_files(model)) {
    const std::filesystem::path file = std::filesystem::path(path).replace_filename(name);
    const bool is_path = name.find('/') != std::string::npos || name == "..";
    if (!is_path && !std::filesystem::is_regular_file(file)) {
      throw std::runtime_error(
          "it has tensor values in the file '" + name +
          "', which is not beside it: put both files into one folder, or save the model as one file");
    }
    if (is_path || !is_beside(file, path)) {
      throw std::runtime_error(
          "it refers to tensor values in another folder ('" + name +
          "'), which are not read: move that file beside the model, or save the model as one file");
    }
  }
}

onnx_model::Graph read_graph(const std::string& path) {
  const std::string bytes = read_file(path);
  try {
    require_files_beside(path, bytes);
    return onnx_model::read_graph(bytes);
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(path + ": " + error.what());
  }
}

// Returns the name of the output with the image features.
std::string output_of(const onnx_model::Graph& graph, const std::string& wanted, const std::string& path) {
  const std::vector<std::string>& outputs = graph.outputs;
  const auto has = [&](const std::string& name) {
    return std::find(outputs.begin(), outputs.end(), name) != outputs.end();
  };
  if (!wanted.empty() && has(wanted)) return wanted;
  if (wanted.empty() && outputs.size() == 1) return outputs.front();
  if (wanted.empty() && has("image_embeds")) return "image_embeds";
  throw std::runtime_error(
      path + ": " +
      (wanted.empty() ? "it has " + std::to_string(outputs.size()) + " outputs" : "it has no output '" + wanted + "'") +
      ": set encoder.output to the one with the image features: " + image_model::listed(outputs));
}

// Throws std::runtime_error if the model accepts only images of another size.
void require_resolution(const onnx_model::Graph& graph, std::int64_t resolution, const std::string& path) {
  const std::vector<std::int64_t>& shape = graph.input;
  if (shape.size() != 4) return;
  for (const std::int64_t side : {shape[2], shape[3]}) {
    if (side == onnx_model::kAnySize || side == resolution) continue;
    throw std::runtime_error(path + ": it accepts images of " + std::to_string(shape[2]) + " x " +
                             std::to_string(shape[3]) + " pixels, but encoder.resolution is " +
                             std::to_string(resolution) + ": set encoder.resolution = " + std::to_string(side));
  }
}

class Onnx final : public Encoder {
 public:
  explicit Onnx(const Parameters& parameters)
      : parameters_(parameters), format_(image_model::pixel_format(parameters)) {}

  void load(torch::Device device) override {
    const std::string& path = parameters_.text("model");
    if (!device.is_cpu()) throw std::runtime_error("onnx runs on the CPU only: leave out --device cuda");
    const onnx_model::Graph graph = read_graph(path);
    output_ = output_of(graph, parameters_.text("output"), path);
    require_resolution(graph, format_.resolution, path);
    try {
      session_ = onnx_model::open_session(path, graph, output_, host().threads());
    } catch (const std::runtime_error& error) {
      throw std::runtime_error(path + ": " + error.what());
    }
    width_ = image_model::text_features(parameters_).size(1);
  }

  std::int64_t width() const override { return width_; }
  PixelFormat pixel_format() const override { return format_; }

  // Encodes one image at a time, because many exported models accept only a batch of one.
  torch::Tensor encode_images(const torch::Tensor& pixels) const override {
    torch::Tensor features = torch::empty({pixels.size(0), width_});
    for (std::int64_t i = 0; i < pixels.size(0); ++i) features[i].copy_(encode(pixels.narrow(0, i, 1).contiguous()));
    return features;
  }

  torch::Tensor encode_texts(const std::vector<std::string>& /*texts*/) const override {
    throw std::runtime_error(
        "an ONNX image model cannot encode texts: its class features come from encoder.text_features");
  }

  torch::Tensor class_features(const std::vector<std::string>& class_names) const override {
    return image_model::class_features(parameters_, class_names);
  }

 private:
  // image [1, 3, R, R] -> values of the output [n].
  torch::Tensor run(const torch::Tensor& image) const {
    try {
      return session_->run(image);
    } catch (const std::exception&) {  // its text names conditions inside the library
      throw std::runtime_error(parameters_.text("model") +
                               ": it does not accept images [1, 3, R, R] of R = " + std::to_string(format_.resolution) +
                               " pixels: set encoder.resolution to the size that the model was exported for");
    }
  }

  // image [1, 3, R, R] -> feature [D].
  torch::Tensor encode(const torch::Tensor& image) const {
    torch::Tensor feature = run(image);
    if (feature.numel() != width_) {
      throw std::runtime_error(parameters_.text("model") + ": its output '" + output_ + "' has " +
                               std::to_string(feature.numel()) + " values for an image, but the class features have " +
                               std::to_string(width_) + " columns");
    }
    return feature;
  }

  Parameters parameters_;
  PixelFormat format_;
  std::string output_;
  std::unique_ptr<onnx_model::Session> session_;
  std::int64_t width_ = 0;
};

}  // namespace

TREFOIL_ENCODER(Onnx, "onnx", "1.1.0", onnx_model::kSummary, kParameters)
