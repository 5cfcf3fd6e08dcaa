// Boost.DLL with std::filesystem; <vector> must come before its headers (Boost 1.74).
#define BOOST_DLL_USE_STD_FS
#include "runtime/library.h"

#include <algorithm>
#include <boost/dll/shared_library.hpp>
#include <exception>
#include <optional>
#include <string>
#include <vector>

#include "base/sha256.h"
#include "base/text.h"
#include "runtime/declared_parameters.h"
#include "runtime/exported_symbols.h"

namespace trefoil::runtime {

namespace {

constexpr std::string_view kSymbolStem = "trefoil_plugin_v";
const std::string kSymbol = std::string(kSymbolStem) + std::to_string(TREFOIL_PLUGIN_ABI);
const std::string kRebuild = "rebuild it against this trefoil " TREFOIL_VERSION;

// Keeps the library loaded until the process ends. No object of a plugin, and no text of an exception that it threw,
// may outlive the code of the plugin. The handles are never destroyed, on purpose.
void keep_for_ever(boost::dll::shared_library library) {
  static auto& handles = *std::make_unique<std::vector<boost::dll::shared_library>>().release();
  handles.push_back(std::move(library));
}

// Returns the reason to refuse a file before it is loaded.
std::optional<std::string> refuse_unloaded(const std::filesystem::path& file) {
  std::vector<std::string> symbols;
  try {
    symbols = exported_symbols(file, kSymbolStem);
  } catch (const std::exception& error) {
    return std::string(error.what()) + "; remove the file from the plugin folder, or build it again";
  }
  if (std::find(symbols.begin(), symbols.end(), kSymbol) != symbols.end()) return std::nullopt;
  if (!symbols.empty()) {
    return "it was built for plugin ABI " + symbols.front().substr(kSymbolStem.size()) + ", but this runner has ABI " +
           std::to_string(TREFOIL_PLUGIN_ABI) + "; " + kRebuild;
  }
  return "it exports no plugin descriptor; end its source with TREFOIL_SELECTOR(…) or the macro of its kind";
}

std::string difference(const char* what, const std::string& theirs, const std::string& ours) {
  return theirs == ours ? "" : std::string(what) + " " + theirs + " (here " + ours + "), ";
}

std::string text_or_null(const char* text) { return text == nullptr ? "(null)" : text; }

// Lists the fields of the build id that differ. Returns "" when they are all equal.
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
    return "its descriptor has " + std::to_string(descriptor.size) + " bytes instead of " +
           std::to_string(sizeof(PluginDescriptor)) + "; " + kRebuild;
  }
  const std::string differences = build_differences(descriptor.build);
  if (!differences.empty()) return "it was built with " + differences + "; " + kRebuild;
  const auto kind = static_cast<std::int32_t>(descriptor.kind);
  if (kind < 0 || kind >= static_cast<std::int32_t>(plugin_kinds().size())) {
    return "its descriptor has an unknown kind of plugin; declare the plugin with the macro of its kind";
  }
  if (descriptor.name == nullptr || *descriptor.name == '\0' || descriptor.version == nullptr ||
      descriptor.summary == nullptr || descriptor.create == nullptr) {
    return "its descriptor has no name, version, summary or create function; declare the plugin with the macro of its "
           "kind";
  }
  const KindTraits& traits = traits_of(descriptor.kind);
  if (means_absent(traits, descriptor.name)) {
    return std::string("its name '") + descriptor.name + "' is reserved: in an experiment it means that there is no " +
           traits.name + "; choose another name";
  }
  if (descriptor.parameters == nullptr && descriptor.parameter_count > 0)
    return "its descriptor has a number of parameters but no parameters";
  return parameter_refusal(descriptor.kind, constant_parameters(descriptor));
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
    return Refusal{file,
                   std::string("it cannot be loaded: ") + error.what() + "; link the missing library, or " + kRebuild};
  }
  if (const auto reason = refuse_descriptor(*descriptor)) return Refusal{file, *reason};
  return LoadedPlugin{file, descriptor, base::sha256_of_file(file)};
}

}  // namespace trefoil::runtime
