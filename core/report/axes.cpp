#include "report/axes.h"

#include <algorithm>
#include <array>
#include <set>

#include "base/text.h"
#include "report/setting_text.h"

namespace trefoil::report {

namespace {

// Settings that do not change the result of a run.
constexpr std::array kWithoutEffect = {"name", "needs", "plugin_path"};

bool same_data(const std::vector<Run>& runs) {
  std::set<std::string> sums;
  for (const Run& run : runs) {
    if (run.done()) sums.insert(run.provenance.data_sha256);
  }
  return sums.size() == 1 && !sums.begin()->empty();
}

// The values in the order of the axis.
Axis axis_of(const std::string& key, const std::vector<Run>& runs) {
  Axis axis{key, {}, true};
  std::set<std::string> known;
  bool somewhere_unset = false;
  for (const Run& run : runs) {
    if (run.settings.empty()) continue;  // it failed before it wrote them
    const std::string value = run.setting(key);
    somewhere_unset = somewhere_unset || value.empty();
    if (value.empty() || !known.insert(value).second) continue;
    axis.values.push_back(value);
    axis.numeric = axis.numeric && number_of(value).has_value();
  }
  if (axis.numeric) {
    std::stable_sort(axis.values.begin(), axis.values.end(),
                     [](const std::string& a, const std::string& b) { return *number_of(a) < *number_of(b); });
  }
  if (somewhere_unset) axis.values.emplace_back();
  return axis;
}

bool differs(const std::string& key, const std::vector<Run>& runs) { return axis_of(key, runs).values.size() > 1; }

// Whether the key has one value where it is set, and is not set where the section's plugin does not have it.
bool follows_from_section(const Axis& axis, const std::vector<Run>& runs) {
  const bool one_value = axis.values.size() == 2 && axis.values.back().empty();
  const std::string leading = leading_key(section_of(axis.key));
  return one_value && axis.key != leading && differs(leading, runs);
}

// Whether the key is a range or an exception of [search]. These often follow from the plugins.
bool may_follow_from_others(const std::string& key) {
  return key == "search.fixed" || base::starts_with(key, "search.\"");
}

// The number of runs that differ in these axes, the variant or the seed.
std::size_t distinct(const std::vector<Axis>& axes, const std::vector<Run>& runs) {
  std::set<std::vector<std::string>> all;
  for (const Run& run : runs) {
    std::vector<std::string> values = {run.variant, run.setting("seed")};
    for (const Axis& axis : axes) values.push_back(run.setting(axis.key));
    all.insert(std::move(values));
  }
  return all.size();
}

// Removes axes without which the others still tell all runs apart.
void remove_consequences(std::vector<Axis>& axes, const std::vector<Run>& runs) {
  const std::size_t all = distinct(axes, runs);
  for (std::size_t i = axes.size(); i-- > 0;) {
    if (!may_follow_from_others(axes[i].key)) continue;
    std::vector<Axis> others = axes;
    others.erase(others.begin() + static_cast<std::ptrdiff_t>(i));
    if (distinct(others, runs) == all) axes = std::move(others);
  }
}

// All settings of runs that no sweep has planned. data.root is no setting when all runs have read the same bytes.
std::set<std::string> keys_of_unrelated(const std::vector<Run>& runs) {
  std::set<std::string> keys;
  for (const Run& run : runs) {
    for (const auto& [key, value] : run.settings) keys.insert(key);
  }
  for (const char* key : kWithoutEffect) keys.erase(key);
  if (same_data(runs)) keys.erase("data.root");
  return keys;
}

}  // namespace

std::string leading_key(const std::string& section) {
  if (section == "data") return "data.layout";
  if (section == "search") return "search.objective";
  return section + ".plugin";
}

std::vector<Axis> find_axes(const std::vector<Run>& runs, const std::optional<std::vector<std::string>>& swept_keys) {
  std::set<std::string> keys =
      swept_keys ? std::set<std::string>(swept_keys->begin(), swept_keys->end()) : keys_of_unrelated(runs);
  keys.erase("seed");
  std::vector<Axis> axes;
  for (const std::string& key : keys) {
    Axis axis = axis_of(key, runs);
    if (axis.values.size() > 1 && !follows_from_section(axis, runs)) axes.push_back(std::move(axis));
  }
  if (!swept_keys) remove_consequences(axes, runs);
  return axes;
}

}  // namespace trefoil::report
