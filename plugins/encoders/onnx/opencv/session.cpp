// Runs ONNX models with OpenCV's DNN module.
#include "../session.h"

#include <ATen/ops/from_blob.h>

#include <mutex>
#include <opencv2/core/utils/logger.hpp>
#include <opencv2/dnn.hpp>
#include <stdexcept>

namespace onnx_model {

namespace {

constexpr const char* kExportCure = ": export it with opset_version=16, in float32";

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
std::string problem_of(const Graph& graph, const cv::Exception& error) {
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

class OpenCvSession final : public Session {
 public:
  OpenCvSession(const cv::dnn::Net& network, std::string output) : network_(network), output_(std::move(output)) {}

  torch::Tensor run(const torch::Tensor& image) const override {
    const auto side = static_cast<int>(image.size(2));
    const int shape[] = {1, 3, side, side};
    const std::lock_guard lock(one_at_a_time_);  // the network stores the results of its layers
    network_.setInput(cv::Mat(4, shape, CV_32F, image.data_ptr<float>()));
    cv::Mat output = network_.forward(output_);
    if (output.type() != CV_32F) output.convertTo(output, CV_32F);
    return at::from_blob(output.ptr<float>(), {static_cast<std::int64_t>(output.total())}, torch::kFloat).clone();
  }

 private:
  mutable std::mutex one_at_a_time_;
  mutable cv::dnn::Net network_;
  std::string output_;
};

}  // namespace

std::unique_ptr<Session> open_session(const std::filesystem::path& path, const Graph& graph, const std::string& output,
                                      int threads) {
  cv::setNumThreads(threads);
  silence_opencv();
  try {
    return std::make_unique<OpenCvSession>(cv::dnn::readNetFromONNX(path.string()), output);
  } catch (const cv::Exception& error) {
    throw std::runtime_error(problem_of(graph, error));
  }
}

}  // namespace onnx_model
