#include "data/layout.h"

#include <array>

#include "data/layouts.h"

namespace trefoil::data {

namespace {

const std::array<const Layout*, 6> kLayouts = {&kFeaturesLayout, &kTipCacheLayout, &kTrack1Layout,
                                               &kFolderLayout,   &kCoopLayout,     &kListsLayout};

}  // namespace

const Layout* find_layout(std::string_view name) {
  for (const Layout* layout : kLayouts) {
    if (layout->name == name) return layout;
  }
  return nullptr;
}

std::vector<std::string> layout_names() {
  std::vector<std::string> names;
  names.reserve(kLayouts.size());
  for (const Layout* layout : kLayouts) names.emplace_back(layout->name);
  return names;
}

}  // namespace trefoil::data
