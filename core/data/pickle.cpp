#include "data/pickle.h"

#include <caffe2/serialize/inline_container.h>
#include <torch/csrc/jit/serialization/import_read.h>

#include <algorithm>
#include <exception>

#include "base/errors.h"

namespace trefoil::data {

namespace {

// The file says how large a tensor is and, elsewhere, how many bytes there are; LibTorch believes both.
bool fits_its_bytes(const torch::Tensor& tensor, caffe2::serialize::PyTorchStreamReader& reader) {
  if (tensor.layout() != torch::kStrided || tensor.is_quantized()) return false;
  std::int64_t last = tensor.storage_offset();
  for (std::int64_t i = 0; i < tensor.dim(); ++i) {
    if (tensor.size(i) < 0 || tensor.stride(i) < 0) return false;
    last += tensor.size(i) > 0 ? (tensor.size(i) - 1) * tensor.stride(i) : 0;
  }
  std::size_t largest = 0;
  for (const std::string& record : reader.getAllRecords()) {
    if (record.rfind("data/", 0) == 0) largest = std::max(largest, std::get<1>(reader.getRecord(record)));
  }
  const auto elements = static_cast<std::size_t>(last + 1);
  return tensor.numel() == 0 || (tensor.storage_offset() >= 0 && elements <= largest / tensor.element_size());
}

}  // namespace

torch::Tensor read_pickled_tensor(const std::filesystem::path& path) {
  if (!std::filesystem::is_regular_file(path)) throw DataError(path.string() + ": there is no such file");
  try {
    caffe2::serialize::PyTorchStreamReader reader(path.string());
    // Not torch::pickle_load: that wants a CUDA device for tensors that were saved from one.
    const c10::IValue value =
        torch::jit::readArchiveAndTensors("data", "", "", c10::nullopt, c10::nullopt, c10::Device(torch::kCPU), reader);
    if (value.isTensor() && fits_its_bytes(value.toTensor(), reader)) return value.toTensor().contiguous();
  } catch (const std::exception&) {
    throw DataError(path.string() + ": it is damaged, or not a file in torch.save's zip format (PyTorch 1.6 or later)");
  }
  throw DataError(path.string() + ": it holds something else than one plain tensor, or less of it than it says");
}

}  // namespace trefoil::data
