// The plugin's one-line summary, which names the program that runs the models.
#pragma once

namespace onnx_model {

constexpr const char* kSummary = "Image model in ONNX format, run by ONNX Runtime, with class features from a file";

}  // namespace onnx_model
