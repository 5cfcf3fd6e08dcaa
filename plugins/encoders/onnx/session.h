// Session: runs the graph of an ONNX file on the CPU. There are two implementations, in the folders onnxruntime and
// opencv. CMake chooses one of them, with its header summary.h.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "graph.h"
#include "trefoil/tensor.h"

namespace onnx_model {

class Session {
 public:
  virtual ~Session() = default;

  // Returns the values [n] float32 of the output for an image [1, 3, R, R] float32, contiguous. Several threads call it
  // at the same time. The result does not depend on the number of threads. Throws an exception if the model does not
  // accept the image.
  virtual torch::Tensor run(const torch::Tensor& image) const = 0;
};

// Opens a model for its output of this name. `graph` is the graph of the same file, and `threads` the number of threads
// that the computation of one image may use. Throws std::runtime_error without the file's name if it cannot be run.
std::unique_ptr<Session> open_session(const std::filesystem::path& path, const Graph& graph, const std::string& output,
                                      int threads);

}  // namespace onnx_model
