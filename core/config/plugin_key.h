// Keys of plugin parameters: "relation.alpha", and "head.2.lambda" when the section is a list.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "runtime/plugin_kinds.h"

namespace trefoil::config {

// The place of a plugin in an experiment.
struct PluginPlace {
  PluginKind kind = PluginKind::relation;
  std::size_t position = 0;  // from 0; only a section that is a list, [[head]], has others

  friend bool operator<(const PluginPlace& a, const PluginPlace& b) {
    return a.kind != b.kind ? a.kind < b.kind : a.position < b.position;
  }
};

// Returns "head", or "head.2" for the second plugin of a list.
std::string section_name(const PluginPlace& place, bool in_list);

// Returns the section of a key: "" for "seed", "relation" for "relation.alpha", "head.2" for "head.2.lambda", "search"
// for every key that begins with "search.".
std::string section_of(const std::string& key);

// Returns the key without its section.
std::string name_in_section(const std::string& key);

// Returns the place that a section names, or nothing when it is not the section of a plugin.
std::optional<PluginPlace> plugin_place(const std::string& section);

// Returns the number that a text of digits stands for, from 1 on, or 0.
std::size_t list_number(const std::string& text);

}  // namespace trefoil::config
