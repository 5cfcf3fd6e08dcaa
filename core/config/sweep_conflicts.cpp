#include "config/sweep_conflicts.h"

#include <algorithm>
#include <string>

#include "base/text.h"

namespace trefoil::config {

namespace {

using Keys = std::vector<std::string>;

// Whether one key is the other, or a section that has the other.
bool overlap(const std::string& a, const std::string& b) {
  return a == b || base::starts_with(a, b + ".") || base::starts_with(b, a + ".");
}

// Returns the key of `swept` that overlaps with `key`, or nullptr.
const std::string* find_overlap(const Keys& swept, const std::string& key) {
  const auto found =
      std::find_if(swept.begin(), swept.end(), [&](const std::string& other) { return overlap(key, other); });
  return found == swept.end() ? nullptr : &*found;
}

void add_groups(const std::vector<AxisGroup>& groups, Keys& swept, Diagnostics& diagnostics) {
  for (const AxisGroup& group : groups) {
    for (const std::string& key : group.keys) {
      if (const std::string* other = find_overlap(swept, key)) {
        diagnostics.error(group.origin,
                          *other == key ? "'" + key + "' is swept twice"
                                        : "'" + key + "' is swept, and '" + *other + "' is swept too",
                          "remove one of the two");
      }
      swept.push_back(key);
    }
  }
}

void refuse_swept(const Keys& swept, const std::vector<JobSetting>& settings, const std::string& section,
                  Diagnostics& diagnostics) {
  for (const JobSetting& setting : settings) {
    if (const std::string* other = find_overlap(swept, setting.key)) {
      diagnostics.error(setting.value.origin, "'" + *other + "' is swept, but this " + section + " sets it too",
                        "remove it from one of the two");
    }
  }
}

}  // namespace

void refuse_conflicts(const std::vector<Job>& variants, const std::vector<NamedAxis>& named,
                      const std::vector<AxisGroup>& groups, Diagnostics& diagnostics) {
  Keys swept;
  add_groups(groups, swept, diagnostics);
  for (const NamedAxis& axis : named) {
    Keys own;
    for (const Alternative& alternative : axis.alternatives) {
      refuse_swept(swept, alternative.settings, "[[sweep.axis." + axis.name + "]]", diagnostics);
      for (const JobSetting& setting : alternative.settings) own.push_back(setting.key);
    }
    swept.insert(swept.end(), own.begin(), own.end());
  }
  for (const Job& variant : variants) refuse_swept(swept, variant.settings, "[[ablation]]", diagnostics);
}

}  // namespace trefoil::config
