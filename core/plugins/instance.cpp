#include "plugins/instance.h"

#include <c10/util/Exception.h>

#include <exception>
#include <sstream>

#include "base/errors.h"

namespace trefoil::plugins {

std::string description(const LoadedPlugin& plugin, const std::string& named_at) {
  return std::string(kind_name(plugin.descriptor->kind)) + "/" + plugin.descriptor->name + " (" + plugin.file.string() +
         "), named at " + named_at;
}

namespace detail {

namespace {

[[noreturn]] void throw_failed(const std::string& plugin, const char* where, const std::string& what) {
  throw PluginError("plugin " + plugin + ": " + where + " failed: " + what);
}

}  // namespace

void rethrow_as_plugin_error(const std::string& plugin, const char* where) {
  try {
    throw;
  } catch (const Interrupted&) {
    throw;
  } catch (const PluginError&) {
    throw;  // it says all this already
  } catch (const c10::Error& error) {
    const std::string text = error.what_without_backtrace();
    throw_failed(plugin, where, text.substr(0, text.find('\n')));
  } catch (const std::exception& error) {
    throw_failed(plugin, where, error.what());
  } catch (...) {
    throw_failed(plugin, where, "it threw something that is not a std::exception");
  }
}

void throw_wrong_class(const std::string& plugin, PluginKind kind) {
  throw PluginError("plugin " + plugin + ": its object is not a " + kind_name(kind) +
                    "; use the macro of its kind, which checks that");
}

std::unique_ptr<Plugin> create(const LoadedPlugin& plugin, const std::string& description, const Parameters& parameters,
                               Host& host) {
  std::unique_ptr<Plugin> object;
  try {
    object = plugin.descriptor->create(parameters);
  } catch (...) {
    rethrow_as_plugin_error(description, "making it");
  }
  if (!object) throw PluginError("plugin " + description + ": create returned nothing");
  object->attach(host);
  return object;
}

}  // namespace detail

namespace {

std::string shape_text(at::IntArrayRef shape) {
  std::ostringstream text;
  text << shape;
  return text.str();
}

class Checker {
 public:
  explicit Checker(const std::string& plugin) : plugin_(plugin) {}

  void shape(const char* name, const torch::Tensor& tensor, at::IntArrayRef expected) const {
    if (!tensor.defined()) fail(name, "is missing");
    if (tensor.layout() != torch::kStrided || !tensor.is_cpu()) fail(name, "is sparse, or not on the CPU");
    if (tensor.sizes() != expected) {
      fail(name, "has the shape " + shape_text(tensor.sizes()) + ", expected " + shape_text(expected));
    }
  }

  void type(const char* name, const torch::Tensor& tensor, torch::ScalarType expected) const {
    if (tensor.scalar_type() != expected) {
      fail(name, std::string("is of type ") + toString(tensor.scalar_type()) + ", expected " + toString(expected));
    }
  }

  void finite(const char* name, const torch::Tensor& tensor) const {
    if (!tensor.isfinite().all().item<bool>()) fail(name, "holds a NaN or an infinity");
  }

  void indices(const char* name, const torch::Tensor& tensor, std::int64_t limit) const {
    type(name, tensor, torch::kLong);
    if (tensor.numel() > 0 && (tensor.min().item<std::int64_t>() < 0 || tensor.max().item<std::int64_t>() >= limit)) {
      fail(name, "holds an index outside 0 to " + std::to_string(limit - 1));
    }
  }

  // A tensor that may be left out, meaning "none".
  void optional(const char* name, const torch::Tensor& tensor, at::IntArrayRef expected,
                torch::ScalarType type_of_text) const {
    if (!tensor.defined()) return;
    shape(name, tensor, expected);
    type(name, tensor, type_of_text);
    finite(name, tensor);
  }

  [[noreturn]] void fail(const char* name, const std::string& what) const {
    throw PluginError("plugin " + plugin_ + ": the " + name + " it returned " + what);
  }

 private:
  const std::string& plugin_;
};

void check_keys(const Classifier& classifier, std::int64_t width, const Checker& check) {
  const torch::ScalarType type = classifier.text.scalar_type();
  const std::int64_t key_count = classifier.key_count();
  std::int64_t key_width = width;
  if (classifier.channels.defined()) {
    key_width = classifier.channels.numel();
    check.shape("channels", classifier.channels, {key_width});
    check.indices("channels", classifier.channels, width);
  }
  check.optional("keys", classifier.keys, {key_count, key_width}, type);
  if (key_count == 0) return;
  check.shape("labels", classifier.labels, {key_count});
  check.indices("labels", classifier.labels, classifier.class_count());
  check.optional("weight", classifier.weight, {key_count}, type);
  check.optional("divergence", classifier.divergence, {key_count}, type);
  check.finite("key weight (weight · exp(γ · divergence))", effective_weight(classifier));
}

}  // namespace

void check_score(const torch::Tensor& score, std::int64_t width, const std::string& plugin) {
  const Checker check(plugin);
  check.shape("score", score, {width});
  if (score.scalar_type() != torch::kDouble) check.type("score", score, torch::kFloat);
  check.finite("score", score);
}

void check_classifier(const Classifier& classifier, const Support& support, const std::string& plugin) {
  const Checker check(plugin);
  check.shape("text", classifier.text, support.text.sizes());
  check.type("text", classifier.text, support.text.scalar_type());
  check.finite("text", classifier.text);
  check.optional("bias", classifier.bias, {support.class_count()}, support.text.scalar_type());
  check_keys(classifier, support.width(), check);
}

void check_features(const torch::Tensor& features, std::int64_t rows, std::int64_t width, const std::string& plugin) {
  const Checker check(plugin);
  check.shape("features", features, {rows, width});
  check.type("features", features, torch::kFloat);
  check.finite("features", features);
}

void check_logits(const torch::Tensor& logits, std::int64_t rows, std::int64_t class_count, const std::string& plugin) {
  const Checker check(plugin);
  check.shape("logits", logits, {rows, class_count});
  if (logits.scalar_type() != torch::kDouble) check.type("logits", logits, torch::kFloat);
  check.finite("logits", logits);
}

}  // namespace trefoil::plugins
