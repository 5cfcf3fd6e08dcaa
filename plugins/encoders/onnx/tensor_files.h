// The files in which an ONNX model keeps values of its tensors.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace onnx_model {

// Returns the names of the files that the tensors of a model refer to, wherever the tensors are: weights, attributes,
// inner graphs, functions. `model` is the bytes of an ONNX file. Throws std::runtime_error without the file's name if
// they are not sound.
std::vector<std::string> tensor_files(std::string_view model);

}  // namespace onnx_model
