// Runs an image model in ONNX format with OpenCV's DNN module on the CPU. Class features come from a file.
#include <ATen/ops/empty.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <iterator>
#include <mutex>
#include <opencv2/core/utils/logger.hpp>
#include <opencv2/dnn.hpp>
#include <optional>
#include <stdexcept>
#include <string_view>

#include "image_model.h"
#include "onnx_graph.h"

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

constexpr const char* kExportCure = ": export it with opset_version=16, in float32";

std::string read_file(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) throw std::runtime_error(path + ": the file cannot be read");
  return {std::istreambuf_iterator<char>(stream), {}};
}

// Returns a file in another folder that the model refers to; nothing if there is none. In ONNX, a tensor may name a
// file with its values, as the pair ("location", FILE) in its list external_data. A path in FILE could name any file of
// the computer.
std::optional<std::string> foreign_file(const std::string& bytes) {
  constexpr std::string_view kKey = "\x0a\x08location\x12";  // first field of the pair, and the tag of the second
  for (std::size_t at = bytes.find(kKey); at != std::string::npos; at = bytes.find(kKey, at + 1)) {
    const std::size_t begin = at + kKey.size();
    const auto length = begin < bytes.size() ? static_cast<unsigned char>(bytes[begin]) : std::size_t{0};
    const std::string file = bytes.substr(std::min(begin + 1, bytes.size()), length);
    if (length >= 0x80 || file.find('/') != std::string::npos || file == "..") return file;
  }
  return std::nullopt;
}

onnx_graph::Graph read_graph(const std::string& path) {
  const std::string bytes = read_file(path);
  if (const std::optional<std::string> file = foreign_file(bytes)) {
    throw std::runtime_error(path + ": it refers to tensor values in another folder ('" + *file +
                             "'), which are not read: move that file beside the model, or save the model as one file");
  }
  try {
    return onnx_graph::read(bytes);
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(path + ": " + error.what());
  }
}

// Returns the name of the output with the image features.
std::string output_of(const onnx_graph::Graph& graph, const std::string& wanted, const std::string& path) {
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
void require_resolution(const onnx_graph::Graph& graph, std::int64_t resolution, const std::string& path) {
  const std::vector<std::int64_t>& shape = graph.input;
  if (shape.size() != 4) return;
  for (const std::int64_t side : {shape[2], shape[3]}) {
    if (side == onnx_graph::kAnySize || side == resolution) continue;
    throw std::runtime_error(path + ": it accepts images of " + std::to_string(shape[2]) + " x " +
                             std::to_string(shape[3]) + " pixels, but encoder.resolution is " +
                             std::to_string(resolution) + ": set encoder.resolution = " + std::to_string(side));
  }
}

// OpenCV writes errors to stderr, besides throwing them. Trefoil reports the exceptions, so its log stays off.
void silence_opencv() { cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT); }

// Returns the reason in an error of OpenCV, whose text has several lines: "> …: error: (-2:Unspecified error) REASON".
std::string reason_of(const cv::Exception& error) {
  std::string text = error.err;
  const std::size_t code = text.rfind("error: (");
  const std::size_t end = code == std::string::npos ? code : text.find(") ", code);
  if (end != std::string::npos) text = text.substr(end + 2);
  text.erase(0, text.find_first_not_of("> \n"));
  return text.substr(0, text.find('\n'));
}

// Returns why OpenCV cannot read a model, and what to do.
std::string problem_of(const onnx_graph::Graph& graph, const cv::Exception& error) {
  if (!graph.unusual_types.empty()) {
    return "it has weights of type " + *graph.unusual_types.begin() + ", which OpenCV cannot read" + kExportCure;
  }
  if (graph.operators.count("LayerNormalization") > 0) {
    return std::string(
               "it has the operator LayerNormalization, which exports have from opset 17 on, and which this version of "
               "OpenCV does not know") +
           kExportCure;
  }
  return "OpenCV cannot read it as an ONNX model (" + reason_of(error) + ")" + kExportCure;
}

class Onnx final : public Encoder {
 public:
  explicit Onnx(const Parameters& parameters)
      : parameters_(parameters), format_(image_model::pixel_format(parameters)) {}

  void load(torch::Device device) override {
    const std::string& path = parameters_.text("model");
    cv::setNumThreads(host().threads());
    if (!device.is_cpu()) throw std::runtime_error("onnx runs on the CPU only: leave out --device cuda");
    const onnx_graph::Graph graph = read_graph(path);
    output_ = output_of(graph, parameters_.text("output"), path);
    require_resolution(graph, format_.resolution, path);
    silence_opencv();
    try {
      network_ = cv::dnn::readNetFromONNX(path);
    } catch (const cv::Exception& error) {
      throw std::runtime_error(path + ": " + problem_of(graph, error));
    }
    width_ = image_model::text_features(parameters_).size(1);
  }

  std::int64_t width() const override { return width_; }
  PixelFormat pixel_format() const override { return format_; }

  // Encodes one image at a time, because many exported models accept only a batch of one.
  torch::Tensor encode_images(const torch::Tensor& pixels) const override {
    torch::Tensor features = torch::empty({pixels.size(0), width_});
    for (std::int64_t i = 0; i < pixels.size(0); ++i) encode(pixels[i].contiguous(), features[i]);
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
  cv::Mat forward(const cv::Mat& input) const {
    try {
      network_.setInput(input);
      return network_.forward(output_);
    } catch (const cv::Exception&) {  // its text names conditions inside OpenCV
      throw std::runtime_error(parameters_.text("model") +
                               ": it does not accept images [1, 3, R, R] of R = " + std::to_string(format_.resolution) +
                               " pixels: set encoder.resolution to the size that the model was exported for");
    }
  }

  // image [3, R, R] -> feature [D].
  void encode(const torch::Tensor& image, const torch::Tensor& feature) const {
    const auto side = static_cast<int>(format_.resolution);
    const int shape[] = {1, 3, side, side};
    const std::lock_guard lock(one_at_a_time_);  // the network stores the results of its layers
    const cv::Mat output = forward(cv::Mat(4, shape, CV_32F, image.data_ptr<float>()));
    if (output.type() != CV_32F || static_cast<std::int64_t>(output.total()) != width_) {
      throw std::runtime_error(parameters_.text("model") + ": its output '" + output_ + "' has " +
                               std::to_string(output.total()) + " values for an image, but the class features have " +
                               std::to_string(width_) + " columns");
    }
    std::memcpy(feature.data_ptr<float>(), output.ptr<float>(), static_cast<std::size_t>(width_) * sizeof(float));
  }

  Parameters parameters_;
  PixelFormat format_;
  std::string output_;
  mutable std::mutex one_at_a_time_;
  mutable cv::dnn::Net network_;
  std::int64_t width_ = 0;
};

}  // namespace

TREFOIL_ENCODER(Onnx, "onnx", "1.0.0", "Image model in ONNX format, with class features from a file", kParameters)
