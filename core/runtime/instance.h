// Calling into a plugin: making its object, and the one place where exceptions cross from its code into ours.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "runtime/registry.h"
#include "trefoil/classifier.h"
#include "trefoil/support.h"
#include "trefoil/tensor.h"

namespace trefoil::runtime {

// Which plugin is being called, for messages: "selector/mixed (/path/libx.so), named at track1.toml:12:1".
std::string description(const LoadedPlugin& plugin, const std::string& named_at);

namespace detail {
// Rethrows the exception in flight as PluginError, its text copied: LibTorch errors cut to their first line, unknown
// types named as such. Interrupted passes unchanged.
[[noreturn]] void rethrow_as_plugin_error(const std::string& plugin, const char* where);
[[noreturn]] void throw_wrong_class(const std::string& plugin, PluginKind kind);
std::unique_ptr<Plugin> create(const LoadedPlugin& plugin, const std::string& description, const Parameters& parameters,
                               Host& host);
}  // namespace detail

// Runs `body`, code of `plugin` in some part; `where` names that part in messages. Throws PluginError for whatever it
// throws.
template <typename Body>
auto guarded(const std::string& plugin, const char* where, Body body) {
  try {
    return body();
  } catch (...) {
    detail::rethrow_as_plugin_error(plugin, where);
  }
}

// A plugin's object with the words to blame it by.
template <typename Interface>
class Instance {
 public:
  // `named_at` is the place in the experiment file that asks for it.
  Instance(const LoadedPlugin& plugin, const Parameters& parameters, Host& host, const std::string& named_at)
      : description_(description(plugin, named_at)),
        owner_(detail::create(plugin, description_, parameters, host)),
        object_(dynamic_cast<Interface*>(owner_.get())) {
    if (object_ == nullptr) detail::throw_wrong_class(description_, Interface::kind);
  }

  // Calls `method(object)`, guarded.
  template <typename Method>
  auto call(const char* where, Method method) const {
    return guarded(description_, where, [&] { return method(std::as_const(*object_)); });
  }

  // The same for a method that changes the object.
  template <typename Method>
  auto change(const char* where, Method method) {
    return guarded(description_, where, [&] { return method(*object_); });
  }

  const std::string& label() const { return description_; }

 private:
  std::string description_;
  std::unique_ptr<Plugin> owner_;
  Interface* object_;
};

// What comes back from a plugin is checked before anything is computed from it. Each throws PluginError naming the
// plugin, the field, what was expected and what came.
void check_score(const torch::Tensor& score, std::int64_t width, const std::string& plugin);
void check_classifier(const Classifier& classifier, const Support& support, const std::string& plugin);
void check_features(const torch::Tensor& features, std::int64_t rows, std::int64_t width, const std::string& plugin);
void check_logits(const torch::Tensor& logits, std::int64_t rows, std::int64_t class_count, const std::string& plugin);

}  // namespace trefoil::runtime
