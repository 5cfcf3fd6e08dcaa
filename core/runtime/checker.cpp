#include "runtime/checker.h"

#include <sstream>

namespace trefoil::runtime {

namespace {

void check_keys(const Classifier& classifier, std::int64_t class_count, std::int64_t width, torch::ScalarType type,
                const Checker& check) {
  std::int64_t key_width = width;
  if (classifier.channels.defined()) {
    key_width = classifier.channels.numel();
    check.shape("channels", classifier.channels, {key_width});
    check.indices("channels", classifier.channels, width);
    const bool has_all_columns =
        classifier.keys.defined() && classifier.keys.dim() == 2 && classifier.keys.size(1) == width;
    if (classifier.custom_logits && has_all_columns) key_width = width;
  }
  if (!classifier.keys.defined()) return;
  const std::int64_t key_count = classifier.keys.dim() > 0 ? classifier.keys.size(0) : 0;
  check.optional("keys", classifier.keys, {key_count, key_width}, type);
  if (key_count == 0) return;
  check.shape("labels", classifier.labels, {key_count});
  check.indices("labels", classifier.labels, class_count);
  check.optional("values", classifier.values, {key_count, class_count}, type);
  check.optional("weight", classifier.weight, {key_count}, type);
  check.optional("divergence", classifier.divergence, {key_count}, type);
  check.finite("key weight (weight · exp(γ · divergence))", effective_weight(classifier));
}

}  // namespace

std::string shape_text(at::IntArrayRef shape) {
  std::ostringstream text;
  text << shape;
  return text.str();
}

void Checker::shape(const char* name, const torch::Tensor& tensor, at::IntArrayRef expected) const {
  if (!tensor.defined()) {
    complain_(name, "is missing");
  } else if (tensor.layout() != torch::kStrided || !tensor.is_cpu()) {
    complain_(name, "is sparse, or not on the CPU");
  } else if (tensor.sizes() != expected) {
    complain_(name, "has the shape " + shape_text(tensor.sizes()) + ", expected " + shape_text(expected));
  }
}

void Checker::type(const char* name, const torch::Tensor& tensor, torch::ScalarType expected) const {
  if (tensor.scalar_type() != expected) {
    complain_(name, std::string("has the type ") + toString(tensor.scalar_type()) + ", expected " + toString(expected));
  }
}

void Checker::finite(const char* name, const torch::Tensor& tensor) const {
  if (!tensor.isfinite().all().item<bool>()) complain_(name, "holds a NaN or an infinity");
}

void Checker::indices(const char* name, const torch::Tensor& tensor, std::int64_t limit) const {
  type(name, tensor, torch::kLong);
  if (tensor.numel() > 0 && (tensor.min().item<std::int64_t>() < 0 || tensor.max().item<std::int64_t>() >= limit)) {
    complain_(name, "holds an index that is not in 0 to " + std::to_string(limit - 1));
  }
}

void Checker::optional(const char* name, const torch::Tensor& tensor, at::IntArrayRef expected_shape,
                       torch::ScalarType expected_type) const {
  if (!tensor.defined()) return;
  shape(name, tensor, expected_shape);
  type(name, tensor, expected_type);
  finite(name, tensor);
}

void check_classifier(const Classifier& classifier, at::IntArrayRef text_shape, torch::ScalarType text_type,
                      const Checker& check) {
  check.shape("text", classifier.text, text_shape);
  check.type("text", classifier.text, text_type);
  check.finite("text", classifier.text);
  check.optional("bias", classifier.bias, {text_shape[0]}, text_type);
  check_keys(classifier, text_shape[0], text_shape[1], text_type, check);
}

}  // namespace trefoil::runtime
