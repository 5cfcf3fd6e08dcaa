#include "weights.h"

#include <sstream>
#include <stdexcept>
#include <utility>

namespace clip {

namespace {

std::string shape_text(at::IntArrayRef shape) {
  std::ostringstream text;
  text << shape;
  return text.str();
}

}  // namespace

Weights::Weights(NamedTensors tensors, std::filesystem::path source, std::string format)
    : tensors_(std::move(tensors)), source_(std::move(source)), format_(std::move(format)) {}

void Weights::fail(const std::string& what) const {
  throw std::runtime_error(source_.string() + " (" + format_ + "): " + what);
}

const torch::Tensor& Weights::find(const std::string& name) const {
  const auto found = tensors_.find(name);
  if (found == tensors_.end()) fail("the tensor '" + name + "' is missing: check that this is a CLIP model");
  return found->second;
}

std::int64_t Weights::size(const std::string& name, std::size_t dimension) const {
  const torch::Tensor& tensor = find(name);
  if (dimension >= static_cast<std::size_t>(tensor.dim())) {
    fail("the tensor '" + name + "' has the shape " + shape_text(tensor.sizes()) + ", which has too few dimensions");
  }
  if (tensor.numel() == 0) {
    fail("the tensor '" + name + "' has the shape " + shape_text(tensor.sizes()) + ", which has no elements");
  }
  return tensor.size(static_cast<std::int64_t>(dimension));
}

double Weights::take_number(const std::string& name, double fallback) {
  if (!has(name)) return fallback;
  const bool is_list = find(name).dim() == 1;
  return take(name, is_list ? std::vector<std::int64_t>{1} : std::vector<std::int64_t>{}).item<double>();
}

std::int64_t Weights::count(const std::string& prefix, const std::string& suffix) const {
  std::int64_t number = 0;
  while (has(prefix + std::to_string(number) + suffix)) ++number;
  return number;
}

torch::Tensor Weights::take(const std::string& name, const std::vector<std::int64_t>& shape) {
  torch::Tensor tensor = find(name);
  if (tensor.sizes() != at::IntArrayRef(shape)) {
    fail("the tensor '" + name + "' has the shape " + shape_text(tensor.sizes()) + ", expected " + shape_text(shape));
  }
  if (!at::isFloatingType(tensor.scalar_type())) {
    fail("the tensor '" + name + "' is of type " + toString(tensor.scalar_type()) +
         ", which no weight of CLIP has: convert the weights to float16 or float32");
  }
  // Parameters in an archive require gradients; these are frozen.
  tensor = tensor.detach().to(torch::kCPU, torch::kFloat).contiguous();
  if (!tensor.isfinite().all().item<bool>()) fail("the tensor '" + name + "' holds a NaN or an infinity");
  tensors_.erase(name);
  return tensor;
}

void Weights::require_all_taken() const {
  if (tensors_.empty()) return;
  std::string names;
  std::size_t shown = 0;
  constexpr std::size_t kMost = 5;
  for (const auto& [name, tensor] : tensors_) {
    if (shown++ == kMost) break;
    names += (names.empty() ? "" : ", ") + name;
  }
  fail(std::to_string(tensors_.size()) + (tensors_.size() == 1 ? " tensor does" : " tensors do") +
       " not belong to a CLIP model: " + names + (tensors_.size() > kMost ? ", …" : ""));
}

}  // namespace clip
