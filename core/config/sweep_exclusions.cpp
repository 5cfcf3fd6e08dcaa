#include "config/sweep_exclusions.h"

#include <algorithm>
#include <utility>

#include "base/suggestion.h"
#include "config/toml.h"

namespace trefoil::config {

namespace {

// Whether the values are equal. 1 and 1.0 are equal.
bool same_value(const Value& a, const Value& b) {
  return a.number() ? a.number() == b.number() : toml_text(a) == toml_text(b);
}

bool sets(const Job& job, const Entry& condition) {
  const bool named = std::any_of(job.names.begin(), job.names.end(), [&](const NamedChoice& choice) {
    return choice.axis == condition.key && condition.value.text() != nullptr && choice.name == *condition.value.text();
  });
  return named || std::any_of(job.settings.begin(), job.settings.end(), [&](const JobSetting& setting) {
           return setting.key == condition.key && same_value(setting.value, condition.value);
         });
}

}  // namespace

void Exclusions::add(Table conditions, const Origin& origin) { all_.push_back({std::move(conditions), origin}); }

void Exclusions::check_keys(const std::set<std::string>& swept, Diagnostics& diagnostics) const {
  for (const Exclusion& exclusion : all_) {
    for (const Entry& condition : exclusion.conditions.entries()) {
      if (swept.count(condition.key) == 0)
        diagnostics.error(condition.key_origin, "'" + condition.key + "' is in [[sweep.exclude]], but it is not swept",
                          base::suggestion(condition.key, {swept.begin(), swept.end()}, "swept keys"));
    }
  }
}

bool Exclusions::exclude(const Job& job) {
  bool excluded = false;
  for (Exclusion& exclusion : all_) {
    const std::vector<Entry>& conditions = exclusion.conditions.entries();
    const bool matches =
        std::all_of(conditions.begin(), conditions.end(), [&](const Entry& condition) { return sets(job, condition); });
    exclusion.used = exclusion.used || matches;
    excluded = excluded || matches;
  }
  return excluded;
}

void Exclusions::check_use(const std::vector<Origin>& axes, Diagnostics& diagnostics) const {
  for (const Exclusion& exclusion : all_) {
    const bool same_file = std::all_of(axes.begin(), axes.end(), [&](const Origin& axis) {
      return axis.override_text.empty() && axis.file == exclusion.origin.file;
    });
    if (same_file && !exclusion.used)
      diagnostics.error(exclusion.origin, "this [[sweep.exclude]] excludes no job: no job has all these values",
                        "correct a value, or remove this [[sweep.exclude]]");
  }
}

}  // namespace trefoil::config
