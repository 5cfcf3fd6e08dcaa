// The kinds of plugin: one table, from which all other code takes their names and rules.
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
  const char* macro;         // defines a plugin of this kind
  const char* absent_words;  // `plugin = "none"` means that the stage is left out; words with '|' between them, the
                             // first one is used in output; "": the stage is required
  bool only_for_images;      // the section stands only in experiments whose data layout holds images
  bool searched;             // [search] may choose the parameters
  const Parameter* host_parameters;  // parameters in the section that belong to the host, not to the plugin
  std::size_t host_parameter_count;
};

// In the order in which a run calls them, which is the order of PluginKind.
const std::array<KindTraits, 4>& plugin_kinds();

const KindTraits& traits_of(PluginKind kind);

inline const char* kind_name(PluginKind kind) { return traits_of(kind).name; }

// nullptr when there is no such kind.
const KindTraits* find_kind(std::string_view name);

// "encoder, selector, relation, head".
std::string kind_names();

// Whether `plugin = word` leaves the stage out.
bool means_absent(const KindTraits& traits, std::string_view word);

// The word for a stage that is left out.
std::string absent_word(const KindTraits& traits);

// Whether the section's parameter `name` belongs to the host.
bool is_host_parameter(const KindTraits& traits, std::string_view name);

}  // namespace trefoil::runtime
