// Runs an image model in ONNX format with OpenCV's DNN module on the CPU. Class features come from a file.
#include <ATen/ops/empty.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <iterator>
#include <mutex>
#include <opencv2/dnn.hpp>
#include <stdexcept>
#include <string_view>

#include "image_model.h"

namespace {

using namespace trefoil;

constexpr Parameter kParameters[] = {
    parameter::required(parameter::path("model", "", "ONNX file; the model maps [n, 3, R, R] to [n, D]")),
    image_model::kTextFeatures,
    image_model::kTextTensor,
    image_model::kTextNames,
    image_model::kResolution,
    image_model::kMean,
    image_model::kDeviation,
};

// Throws std::runtime_error if the model refers to a file in another folder. In ONNX, a tensor may name a file with its
// values, as the pair ("location", FILE) in its list external_data. A path in FILE could name any file of the computer.
void require_own_folder(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(stream), {}};
  constexpr std::string_view kKey = "\x0a\x08location\x12";  // first field of the pair, and the tag of the second
  for (std::size_t at = bytes.find(kKey); at != std::string::npos; at = bytes.find(kKey, at + 1)) {
    const std::size_t begin = at + kKey.size();
    const auto length = begin < bytes.size() ? static_cast<unsigned char>(bytes[begin]) : std::size_t{0};
    const std::string file = bytes.substr(std::min(begin + 1, bytes.size()), length);
    if (length < 0x80 && file.find('/') == std::string::npos && file != "..") continue;
    throw std::runtime_error(path + ": it refers to tensor values in another folder ('" + file +
                             "'), which are not read: move that file beside the model, or save the model as one file");
  }
}

class Onnx final : public Encoder {
 public:
  explicit Onnx(const Parameters& parameters)
      : parameters_(parameters), format_(image_model::pixel_format(parameters)) {}

  void load(torch::Device device) override {
    const std::string& path = parameters_.text("model");
    cv::setNumThreads(host().threads());
    if (!device.is_cpu()) throw std::runtime_error("onnx runs on the CPU only: leave out --device cuda");
    require_own_folder(path);
    try {
      network_ = cv::dnn::readNetFromONNX(path);
    } catch (const cv::Exception& error) {
      throw std::runtime_error(path + ": OpenCV cannot read it as an ONNX model: " + error.err);
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
      return network_.forward();
    } catch (const cv::Exception& error) {
      throw std::runtime_error(parameters_.text("model") + ": it does not accept images of " +
                               std::to_string(format_.resolution) + " pixels: check encoder.resolution: " + error.err);
    }
  }

  // image [3, R, R] -> feature [D].
  void encode(const torch::Tensor& image, const torch::Tensor& feature) const {
    const auto side = static_cast<int>(format_.resolution);
    const int shape[] = {1, 3, side, side};
    const std::lock_guard lock(one_at_a_time_);  // the network stores the results of its layers
    const cv::Mat output = forward(cv::Mat(4, shape, CV_32F, image.data_ptr<float>()));
    if (output.type() != CV_32F || static_cast<std::int64_t>(output.total()) != width_) {
      throw std::runtime_error(parameters_.text("model") + ": it returns " + std::to_string(output.total()) +
                               " values for an image, but the class features have " + std::to_string(width_) +
                               " columns");
    }
    std::memcpy(feature.data_ptr<float>(), output.ptr<float>(), static_cast<std::size_t>(width_) * sizeof(float));
  }

  Parameters parameters_;
  PixelFormat format_;
  mutable std::mutex one_at_a_time_;
  mutable cv::dnn::Net network_;
  std::int64_t width_ = 0;
};

}  // namespace

TREFOIL_ENCODER(Onnx, "onnx", "1.0.0", "Image model in ONNX format, with class features from a file", kParameters)
