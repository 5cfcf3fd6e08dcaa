// The key "head.plugin" of [search]: the heads that the search compares.
#pragma once

#include <string>
#include <vector>

#include "config/diagnostics.h"
#include "config/search_axes.h"
#include "config/value.h"
#include "runtime/plugin_choice.h"
#include "runtime/registry.h"

namespace trefoil::config {

constexpr const char* kHeadNamesKey = "head.plugin";

// A head that the search compares with others, with the parameters that are searched for it.
struct HeadCandidate {
  runtime::PluginChoice choice;
  std::vector<SearchAxis> axes;  // the ranges that the plugin declares
};

// Makes the candidates from a list of names. `of_file` is the head of the section [head], whose parameters its
// candidate keeps, or nullptr; the other candidates have the defaults of their plugins. Adds a diagnostic when the
// value is no list of two or more different heads, or when `of_file` is not among them.
std::vector<HeadCandidate> read_head_names(const Value& list, const runtime::PluginChoice* of_file,
                                           const runtime::Registry& registry, Diagnostics& diagnostics);

}  // namespace trefoil::config
