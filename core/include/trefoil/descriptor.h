/// @file
/// The constant descriptor that a plugin library exports. The name of its symbol ends in the plugin ABI number.
///
/// The host searches the library file for the symbol before it loads the library, so it refuses a library of another
/// ABI before any plugin code runs. It then compares the build id field by field. Host and plugin exchange C++ objects
/// and tensors, so they must agree on the plugin ABI, the C++ library, LibTorch and the core. Authors use the macro of
/// their kind (such as TREFOIL_SELECTOR) and need nothing else from this file.
#pragma once

#include <torch/version.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <type_traits>

#include "trefoil/parameters.h"
#include "trefoil/plugin.h"
#include "trefoil/version.h"

/// The plugin ABI number. It increases with every change of these headers that affects compiled plugins. The number at
/// the end of `trefoil_plugin_v6` below must be equal to it.
#define TREFOIL_PLUGIN_ABI 6

namespace trefoil {

/// The properties of a build that must be equal in host and plugin. Plain data; strings have static storage.
struct BuildId {
  std::int32_t abi = TREFOIL_PLUGIN_ABI;                ///< plugin ABI of the headers
  std::int32_t cxx11_strings = _GLIBCXX_USE_CXX11_ABI;  ///< which ABI of libstdc++ is used
  const char* libtorch = TORCH_VERSION;                 ///< version of LibTorch, all digits
  const char* core = TREFOIL_VERSION;                   ///< version of the headers, and so of the core

  /// "address" or "none". Code with and code without AddressSanitizer must not share objects.
#if defined(__SANITIZE_ADDRESS__)
  const char* sanitizer = "address";
#else
  const char* sanitizer = "none";
#endif
};

/// The description of a plugin. It is constant data, which the host reads before any plugin code runs. Strings and the
/// array of parameters have static storage, so they are valid as long as the process runs.
struct PluginDescriptor {
  std::uint32_t size = sizeof(PluginDescriptor);  ///< size of this struct in the plugin's build
  BuildId build;                                  ///< build id of the plugin
  PluginKind kind = PluginKind::selector;         ///< the kind of object that `create` makes
  const char* name = "";                  ///< name in experiment files, lower case; independent of the file name
  const char* version = "";               ///< version of the plugin, such as "1.0.0"
  const char* summary = "";               ///< one line for the list of plugins
  const Parameter* parameters = nullptr;  ///< the declared parameters, or nullptr
  std::size_t parameter_count = 0;        ///< number of elements of `parameters`

  /// Returns a new object, which the caller owns. `parameters` holds a value for each declared parameter and is valid
  /// only during the call. Exceptions of the constructor pass through; the host reports them as errors of the plugin.
  std::unique_ptr<Plugin> (*create)(const Parameters& parameters) = nullptr;

  /// Returns further parameters, which depend on the values of `parameters`, such as the arguments of a program; or
  /// nullptr. `given` holds a value for each of `parameters`. The host calls it when it reads an experiment, also for
  /// `runner show`, and passes the further values to `create` with the others. Equal values must give equal parameters.
  /// A mistake in a value is a ParameterError.
  ParameterList (*declare)(const Parameters& given) = nullptr;
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

template <typename Implementation, typename = void>
struct Declares : std::false_type {};

template <typename Implementation>
struct Declares<Implementation, std::void_t<decltype(&Implementation::declare)>> : std::true_type {};

template <typename Interface, typename Implementation>
constexpr PluginDescriptor describe(const char* name, const char* version, const char* summary) {
  static_assert(std::is_base_of_v<Interface, Implementation>, "the class must derive from the interface of its kind");
  PluginDescriptor descriptor;
  descriptor.kind = Interface::kind;
  descriptor.name = name;
  descriptor.version = version;
  descriptor.summary = summary;
  descriptor.create = &create<Implementation>;
  if constexpr (Declares<Implementation>::value) descriptor.declare = &Implementation::declare;
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

/// Defines the exported descriptor. Arguments: (interface, class, name, version, summary [, array of Parameter]). Use
/// it once per library. The array must be constexpr and at namespace scope. If the class has a constructor from `const
/// Parameters&`, that one is called; otherwise the default constructor. If the class has a public static function
/// `ParameterList declare(const Parameters&)`, it is PluginDescriptor::declare.
#define TREFOIL_PLUGIN(Interface, Class, ...)                                                                       \
  extern "C" {                                                                                                      \
  extern __attribute__((visibility("default"))) const trefoil::PluginDescriptor trefoil_plugin_v6;                  \
  constexpr trefoil::PluginDescriptor trefoil_plugin_v6 = trefoil::detail::describe<Interface, Class>(__VA_ARGS__); \
  }
