// Boost.DLL with std::filesystem; <vector> must come before its headers (Boost 1.74).
#define BOOST_DLL_USE_STD_FS
#include "plugins/library.h"

#include <algorithm>
#include <boost/dll/shared_library.hpp>
#include <exception>
#include <optional>
#include <vector>

#include "base/text.h"
#include "plugins/exported_symbols.h"

namespace trefoil::plugins {

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

std::optional<std::string> refuse_descriptor(const PluginDescriptor& descriptor) {
  if (descriptor.size != sizeof(PluginDescriptor)) {
    return "its descriptor has " + std::to_string(descriptor.size) + " bytes, not " +
           std::to_string(sizeof(PluginDescriptor)) + "; " + kRebuild;
  }
  const std::string differences = build_differences(descriptor.build);
  if (!differences.empty()) return "it was built with " + differences + "; " + kRebuild;
  const auto kind = static_cast<std::int32_t>(descriptor.kind);
  if (kind < 0 || kind > static_cast<std::int32_t>(PluginKind::head)) {
    return "its descriptor names no known kind of plugin; use the macro of its kind";
  }
  if (descriptor.name == nullptr || *descriptor.name == '\0' || descriptor.create == nullptr) {
    return "its descriptor has no name or no create function; use the macro of its kind";
  }
  return std::nullopt;
}

}  // namespace

std::variant<LoadedPlugin, Refusal> load_library(const std::filesystem::path& file) {
  if (const auto reason = refuse_unloaded(file)) return Refusal{file, *reason};
  boost::dll::shared_library library;
  try {
    library.load(file, boost::dll::load_mode::rtld_now | boost::dll::load_mode::rtld_local);
  } catch (const std::exception& error) {
    return Refusal{file, std::string("it cannot be loaded: ") + error.what() + "; link what it misses, or " + kRebuild};
  }
  const auto& descriptor = library.get<const PluginDescriptor>(kSymbol);
  keep_for_ever(std::move(library));
  if (const auto reason = refuse_descriptor(descriptor)) return Refusal{file, *reason};
  return LoadedPlugin{file, &descriptor};
}

}  // namespace trefoil::plugins
