// Calls into plugins: creates a plugin's object, translates its exceptions, and checks what it returns.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "runtime/plugin_choice.h"
#include "runtime/registry.h"
#include "trefoil/classifier.h"
#include "trefoil/encoder.h"
#include "trefoil/support.h"
#include "trefoil/tensor.h"

namespace trefoil::runtime {

// Returns the label of a plugin in messages: "selector/mixed (/path/libx.so), named at track1.toml:12:1".
std::string description(const LoadedPlugin& plugin, const std::string& named_at);

namespace detail {
// Rethrows the current exception as a PluginError with a copy of its text. Of a LibTorch error, only the first line is
// kept. Interrupted and PluginError pass unchanged. `explain` may be empty.
[[noreturn]] void rethrow_as_plugin_error(const std::string& plugin, const char* where, const Explain& explain);
[[noreturn]] void throw_wrong_class(const std::string& plugin, PluginKind kind);
std::unique_ptr<Plugin> create(const PluginChoice& choice, const std::string& description, Host& host);
}  // namespace detail

// Runs `body`, which calls code of the plugin. `plugin` is the label of the plugin, and `where` names the function that
// is called. Turns every exception into a PluginError, except Interrupted.
template <typename Body>
auto guarded(const std::string& plugin, const char* where, Body body, const Explain& explain = {}) {
  try {
    return body();
  } catch (...) {
    detail::rethrow_as_plugin_error(plugin, where, explain);
  }
}

// The object of a plugin, with the label that errors use.
template <typename Interface>
class Instance {
 public:
  Instance(const PluginChoice& choice, Host& host)
      : description_(description(*choice.plugin, choice.named_at)),
        explain_(choice.explain),
        owner_(detail::create(choice, description_, host)),
        object_(dynamic_cast<Interface*>(owner_.get())) {
    if (object_ == nullptr) detail::throw_wrong_class(description_, Interface::kind);
  }

  // Returns method(object), guarded.
  template <typename Method>
  auto call(const char* where, Method method) const {
    return guarded(
        description_, where, [&] { return method(std::as_const(*object_)); }, explain_);
  }

  // Returns method(object) for a method that changes the object, guarded.
  template <typename Method>
  auto change(const char* where, Method method) {
    return guarded(
        description_, where, [&] { return method(*object_); }, explain_);
  }

  const std::string& label() const { return description_; }

 private:
  std::string description_;
  Explain explain_;
  std::unique_ptr<Plugin> owner_;
  Interface* object_;
};

// Each function checks what a plugin returned, before anything is computed from it. `plugin` is the label of the
// plugin. Throws PluginError with the plugin, the field, the expected value and the returned value.
void check_score(const torch::Tensor& score, std::int64_t width, const std::string& plugin);
void check_classifier(const Classifier& classifier, const Support& support, const std::string& plugin);
void check_features(const torch::Tensor& features, std::int64_t rows, std::int64_t width, const std::string& plugin);
void check_pixel_format(const PixelFormat& format, const std::string& plugin);
void check_logits(const torch::Tensor& logits, std::int64_t rows, std::int64_t class_count, const std::string& plugin);

}  // namespace trefoil::runtime
