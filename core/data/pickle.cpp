#include "data/pickle.h"

#include <caffe2/serialize/inline_container.h>
#include <torch/csrc/jit/serialization/import_read.h>

#include <exception>

#include "base/errors.h"

namespace trefoil::data {

torch::Tensor read_pickled_tensor(const std::filesystem::path& path) {
  if (!std::filesystem::is_regular_file(path)) throw DataError(path.string() + ": there is no such file");
  try {
    caffe2::serialize::PyTorchStreamReader reader(path.string());
    // Not torch::pickle_load: that wants a CUDA device for tensors that were saved from one.
    const c10::IValue value =
        torch::jit::readArchiveAndTensors("data", "", "", c10::nullopt, c10::nullopt, c10::Device(torch::kCPU), reader);
    if (value.isTensor()) return value.toTensor();
  } catch (const std::exception&) {
    throw DataError(path.string() + ": it is damaged, or not a file in torch.save's zip format (PyTorch 1.6 or later)");
  }
  throw DataError(path.string() + ": it holds something else than one tensor");
}

}  // namespace trefoil::data
