// Boost.DLL with std::filesystem; <vector> must come before its headers (Boost 1.74).
#define BOOST_DLL_USE_STD_FS
#include "runtime/library.h"

#include <algorithm>
#include <boost/dll/shared_library.hpp>
#include <exception>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/sha256.h"
#include "base/text.h"
#include "runtime/exported_symbols.h"

namespace trefoil::runtime {

namespace {

constexpr std::string_view kSymbolStem = "trefoil_plugin_v";
const std::string kSymbol = std::string(kSymbolStem) + std::to_string(TREFOIL_PLUGIN_ABI);
const std::string kRebuild = "rebuild it against this trefoil " TREFOIL_VERSION;

// Handles that outlive everything: an object of a plugin, or even the text of an exception it threw, must not outlive
// its code. Deliberately never destroyed.
void keep_for_ever(boost::dll::shared_library library) {
  static auto& handles = *std::make_unique<std::vector<boost::dll::shared_library>>().release();
  handles.push_back(std::move(library));
}

// The reason to refuse a file before loading it.
std::optional<std::string> refuse_unloaded(const std::filesystem::path& file) {
  std::vector<std::string> symbols;
  try {
    symbols = exported_symbols(file);
  } catch (const std::exception& error) {
    return std::string(error.what()) + "; remove it from the plugin folder, or build it again";
  }
  if (std::find(symbols.begin(), symbols.end(), kSymbol) != symbols.end()) return std::nullopt;
  const auto other = std::find_if(symbols.begin(), symbols.end(),
                                  [](const std::string& symbol) { return base::starts_with(symbol, kSymbolStem); });
  if (other != symbols.end()) {
    return "it speaks plugin ABI " + other->substr(kSymbolStem.size()) + ", this runner speaks ABI " +
           std::to_string(TREFOIL_PLUGIN_ABI) + "; " + kRebuild;
  }
  return "it exports no plugin descriptor; end its source with TREFOIL_SELECTOR(…) or the macro of its kind";
}

std::string difference(const char* what, const std::string& theirs, const std::string& ours) {
  return theirs == ours ? "" : std::string(what) + " " + theirs + " (here " + ours + "), ";
}

std::string text_or_null(const char* text) { return text == nullptr ? "(null)" : text; }

// Only the fields of the build id that differ.
std::string build_differences(const BuildId& theirs) {
  const BuildId ours;
  std::string text =
      difference("plugin ABI", std::to_string(theirs.abi), std::to_string(ours.abi)) +
      difference("libstdc++ string ABI", std::to_string(theirs.cxx11_strings), std::to_string(ours.cxx11_strings)) +
      difference("LibTorch", text_or_null(theirs.libtorch), ours.libtorch) +
      difference("core", text_or_null(theirs.core), ours.core) +
      difference("sanitizer", text_or_null(theirs.sanitizer), ours.sanitizer);
  return text.empty() ? text : text.substr(0, text.size() - 2);
}

bool is_empty(const char* text) { return text == nullptr || *text == '\0'; }

// Declarations that the host could not work with, or whose keys are its own.
std::optional<std::string> refuse_parameters(const PluginDescriptor& descriptor) {
  if (descriptor.parameters == nullptr && descriptor.parameter_count > 0)
    return "it counts parameters but declares none";
  std::set<std::string> names = {"plugin"};
  const KindTraits& traits = traits_of(descriptor.kind);
  for (std::size_t i = 0; i < traits.host_parameter_count; ++i) names.insert(traits.host_parameters[i].name);
  for (std::size_t i = 0; i < descriptor.parameter_count; ++i) {
    const Parameter& declared = descriptor.parameters[i];
    if (is_empty(declared.name) || declared.help == nullptr || declared.text_default == nullptr) {
      return "its parameter number " + std::to_string(i + 1) + " has no name or no help";
    }
    const auto type = static_cast<std::int32_t>(declared.type);
    const bool known = type >= 0 && type <= static_cast<std::int32_t>(ParameterType::text_list);
    if (!known || (declared.type == ParameterType::choice && is_empty(declared.choices))) {
      return std::string("its parameter '") + declared.name + "' has no known type, or no choices";
    }
    const double fallback =
        declared.type == ParameterType::integer ? static_cast<double>(declared.integer_default) : declared.real_default;
    const bool is_number = declared.type == ParameterType::integer || declared.type == ParameterType::real;
    const bool is_within = fallback >= declared.bounds.minimum && fallback <= declared.bounds.maximum;
    if (is_number && !declared.required && !is_within) {
      return std::string("the default of its parameter '") + declared.name + "' is outside the bounds of the parameter";
    }
    if (!names.insert(declared.name).second) {
      return std::string("its parameter '") + declared.name +
             "' is declared twice, or a key of the host's; call it otherwise";
    }
  }
  return std::nullopt;
}

std::optional<std::string> refuse_descriptor(const PluginDescriptor& descriptor) {
  if (descriptor.size != sizeof(PluginDescriptor)) {
    return "its descriptor has " + std::to_string(descriptor.size) + " bytes, not " +
           std::to_string(sizeof(PluginDescriptor)) + "; " + kRebuild;
  }
  const std::string differences = build_differences(descriptor.build);
  if (!differences.empty()) return "it was built with " + differences + "; " + kRebuild;
  const auto kind = static_cast<std::int32_t>(descriptor.kind);
  if (kind < 0 || kind >= static_cast<std::int32_t>(plugin_kinds().size())) {
    return "its descriptor names no known kind of plugin; use the macro of its kind";
  }
  if (is_empty(descriptor.name) || descriptor.version == nullptr || descriptor.summary == nullptr ||
      descriptor.create == nullptr) {
    return "its descriptor lacks a name, version, summary or create function; use the macro of its kind";
  }
  const KindTraits& traits = traits_of(descriptor.kind);
  if (means_absent(traits, descriptor.name)) {
    return std::string("its name '") + descriptor.name + "' is reserved: it leaves the " + traits.name +
           " out; choose another name";
  }
  return refuse_parameters(descriptor);
}

}  // namespace

std::variant<LoadedPlugin, Refusal> load_library(const std::filesystem::path& file) {
  if (const auto reason = refuse_unloaded(file)) return Refusal{file, *reason};
  const PluginDescriptor* descriptor = nullptr;
  try {
    boost::dll::shared_library library(file, boost::dll::load_mode::rtld_now | boost::dll::load_mode::rtld_local);
    descriptor = &library.get<const PluginDescriptor>(kSymbol);
    keep_for_ever(std::move(library));
  } catch (const std::exception& error) {
    return Refusal{file, std::string("it cannot be loaded: ") + error.what() + "; link what it misses, or " + kRebuild};
  }
  if (const auto reason = refuse_descriptor(*descriptor)) return Refusal{file, *reason};
  return LoadedPlugin{file, descriptor, base::sha256_of_file(file)};
}

}  // namespace trefoil::runtime
