#include "runtime/plugin_kinds.h"

#include <algorithm>

#include "base/text.h"

namespace trefoil::runtime {

namespace {

constexpr Parameter kSelectorParameters[] = {
    parameter::required(parameter::integer("q", 1, {1, 1e9}, "number of channels to keep (Q), 1 to D"))};

constexpr std::array<KindTraits, kKindCount> kKinds = {{
    {PluginKind::encoder, "encoder", "TREFOIL_ENCODER", "", true, false, false, nullptr, 0},
    {PluginKind::selector, "selector", "TREFOIL_SELECTOR", "all|none", false, true, false, kSelectorParameters, 1},
    {PluginKind::relation, "relation", "TREFOIL_RELATION", "", false, true, false, nullptr, 0},
    {PluginKind::head, "head", "TREFOIL_HEAD", "none", false, true, true, nullptr, 0},
    {PluginKind::adapter, "adapter", "TREFOIL_ADAPTER", "none", false, true, false, nullptr, 0},
}};

}  // namespace

const std::array<KindTraits, kKindCount>& plugin_kinds() { return kKinds; }

const KindTraits& traits_of(PluginKind kind) { return kKinds.at(static_cast<std::size_t>(kind)); }

const KindTraits* find_kind(std::string_view name) {
  const auto* found =
      std::find_if(kKinds.begin(), kKinds.end(), [&](const KindTraits& traits) { return traits.name == name; });
  return found == kKinds.end() ? nullptr : found;
}

std::string kind_names() {
  std::string names;
  for (const KindTraits& traits : kKinds) names += (names.empty() ? "" : ", ") + std::string(traits.name);
  return names;
}

bool means_absent(const KindTraits& traits, std::string_view word) {
  const std::vector<std::string> words = base::split(traits.absent_words, '|');
  return std::find(words.begin(), words.end(), word) != words.end();
}

std::string absent_word(const KindTraits& traits) {
  const std::vector<std::string> words = base::split(traits.absent_words, '|');
  return words.empty() ? "" : words.front();
}

bool is_host_parameter(const KindTraits& traits, std::string_view name) {
  return std::any_of(traits.host_parameters, traits.host_parameters + traits.host_parameter_count,
                     [&](const Parameter& parameter) { return name == parameter.name; });
}

}  // namespace trefoil::runtime
