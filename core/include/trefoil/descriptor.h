/// @file
/// The one thing a plugin library exports: a constant descriptor, whose symbol carries the number of the plugin ABI.
///
/// The host looks for the symbol in the file before it loads it, so that a library made for another ABI is refused
/// before any of its code runs. It then compares the build id field by field: C++ objects and tensors cross the border,
/// so both sides must agree on the ABI, the C++ library, LibTorch, and the core. Authors use the macro of their kind
/// (TREFOIL_SELECTOR and its sisters) and need nothing else from this file.
#pragma once

#include <torch/version.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <type_traits>

#include "trefoil/parameters.h"
#include "trefoil/plugin.h"
#include "trefoil/version.h"

/// Raised whenever anything in these headers changes in a way that a compiled plugin can notice. Keep the number at the
/// end of `trefoil_plugin_v2` below equal to it.
#define TREFOIL_PLUGIN_ABI 2

namespace trefoil {

/// What must be equal on both sides. Plain data; strings have static storage.
struct BuildId {
  std::int32_t abi = TREFOIL_PLUGIN_ABI;                ///< of these headers
  std::int32_t cxx11_strings = _GLIBCXX_USE_CXX11_ABI;  ///< libstdc++'s dual ABI
  const char* libtorch = TORCH_VERSION;                 ///< its version, to the last digit
  const char* core = TREFOIL_VERSION;                   ///< version of the headers, and so of the core

  /// "address" or "none": sanitized code and other code must not share objects.
#if defined(__SANITIZE_ADDRESS__)
  const char* sanitizer = "address";
#else
  const char* sanitizer = "none";
#endif
};

/// What a library says of its plugin. Constant data, read before any code of the plugin runs: strings and the array of
/// parameters have static storage, and stay valid as long as the process lives.
struct PluginDescriptor {
  std::uint32_t size = sizeof(PluginDescriptor);  ///< of this struct, as the plugin's compiler saw it
  BuildId build;                                  ///< of the plugin
  PluginKind kind = PluginKind::selector;         ///< what `create` makes
  const char* name = "";                  ///< what experiment files call it, lower case; the file's name plays no part
  const char* version = "";               ///< the plugin's own, such as "1.0.0"
  const char* summary = "";               ///< one line
  const Parameter* parameters = nullptr;  ///< the first of an array, or nullptr
  std::size_t parameter_count = 0;        ///< elements of that array

  /// Makes an object, which the caller owns. `parameters` holds a value for each declared parameter, and lives during
  /// the call only. What the constructor throws passes on; the host reports it as an error of the plugin.
  std::unique_ptr<Plugin> (*create)(const Parameters& parameters) = nullptr;
};

/// @cond
namespace detail {

template <typename Implementation>
std::unique_ptr<Plugin> create(const Parameters& parameters) {
  if constexpr (std::is_constructible_v<Implementation, const Parameters&>) {
    return std::make_unique<Implementation>(parameters);
  } else {
    return std::make_unique<Implementation>();
  }
}

template <typename Interface, typename Implementation>
constexpr PluginDescriptor describe(const char* name, const char* version, const char* summary) {
  static_assert(std::is_base_of_v<Interface, Implementation>, "the class must derive from the interface of its kind");
  PluginDescriptor descriptor;
  descriptor.kind = Interface::kind;
  descriptor.name = name;
  descriptor.version = version;
  descriptor.summary = summary;
  descriptor.create = &create<Implementation>;
  return descriptor;
}

template <typename Interface, typename Implementation, std::size_t Count>
constexpr PluginDescriptor describe(const char* name, const char* version, const char* summary,
                                    const Parameter (&parameters)[Count]) {
  PluginDescriptor descriptor = describe<Interface, Implementation>(name, version, summary);
  descriptor.parameters = parameters;
  descriptor.parameter_count = Count;
  return descriptor;
}

}  // namespace detail
/// @endcond

}  // namespace trefoil

/// Defines the exported descriptor: (interface, class, name, version, summary [, array of Parameter]). Once per
/// library. The array must be constexpr and outlive everything, so it stands outside functions. Objects of the class
/// are made of `const Parameters&` where it has such a constructor, and of nothing otherwise.
#define TREFOIL_PLUGIN(Interface, Class, ...)                                                                       \
  extern "C" {                                                                                                      \
  extern __attribute__((visibility("default"))) const trefoil::PluginDescriptor trefoil_plugin_v2;                  \
  constexpr trefoil::PluginDescriptor trefoil_plugin_v2 = trefoil::detail::describe<Interface, Class>(__VA_ARGS__); \
  }
