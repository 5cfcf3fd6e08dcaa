// The kinds of plugin. All other code takes their names and rules from one table.
//
// A new kind needs an entry here and in PluginKind (trefoil/plugin.h), a public header with its interface, a stage in
// core/pipeline, and rules in tools/conformance.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "trefoil/parameters.h"
#include "trefoil/plugin.h"

namespace trefoil::runtime {

struct KindTraits {
  PluginKind kind;
  const char* name;          // "selector": the section of the experiment file, and the first part of "selector/mixed"
  const char* macro;         // the macro that declares a plugin of this kind
  const char* absent_words;  // words of `plugin = "…"` that leave the stage out, separated by '|'; output uses the
                             // first one; "": the stage is required
  bool only_for_images;      // whether only experiments with images have this section
  bool searched;             // whether [search] may choose the parameters
  bool in_a_row;  // whether the section may be a list, [[head]], of plugins that are called one after another
  const Parameter* host_parameters;  // parameters of the section that belong to Trefoil, not to the plugin
  std::size_t host_parameter_count;
};

constexpr std::size_t kKindCount = 5;

// Returns all kinds in the order in which a run calls them, which is the order of PluginKind.
const std::array<KindTraits, kKindCount>& plugin_kinds();

const KindTraits& traits_of(PluginKind kind);

inline const char* kind_name(PluginKind kind) { return traits_of(kind).name; }

// Returns nullptr when there is no kind with this name.
const KindTraits* find_kind(std::string_view name);

// Returns "encoder, selector, relation, head, adapter".
std::string kind_names();

// Whether `plugin = word` leaves the stage out.
bool means_absent(const KindTraits& traits, std::string_view word);

// Returns the word for a stage that is left out, or "" when the stage is required.
std::string absent_word(const KindTraits& traits);

// Whether the parameter `name` of the section belongs to Trefoil, not to the plugin.
bool is_host_parameter(const KindTraits& traits, std::string_view name);

}  // namespace trefoil::runtime
