#include "support/layouts.h"

#include <utility>

#include "config/settings.h"
#include "data/layout.h"

namespace tests {

trefoil::Parameters layout_parameters(const std::string& layout, const LayoutValues& values) {
  trefoil::Parameters::Values all;
  for (const trefoil::Parameter& declared : trefoil::data::find_layout(layout)->parameters) {
    all[declared.name] = trefoil::config::default_value(declared);
  }
  for (const auto& [key, value] : values) all.at(key) = value;
  return trefoil::Parameters(std::move(all));
}

}  // namespace tests
