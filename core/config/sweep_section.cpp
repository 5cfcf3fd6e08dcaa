#include "config/sweep_section.h"

#include <algorithm>
#include <set>

#include "base/suggestion.h"
#include "base/text.h"
#include "config/flat_keys.h"
#include "config/plugin_key.h"
#include "config/sweep_axes.h"
#include "config/sweep_exclusions.h"

namespace trefoil::config {

namespace {

constexpr const char* kBase = "base";  // the variant without any change

// Returns the value at a dotted key, or nullptr. A number names an element of a list: head.2.lambda.
const Value* find_dotted(const Value& value, const std::string& key) {
  const std::size_t dot = key.find('.');
  const std::string first = key.substr(0, dot);
  const Value* found = nullptr;
  if (value.table() != nullptr) {
    found = value.table()->find(first);
  } else if (const Array* list = value.array()) {
    const std::size_t number = list_number(first);
    if (number > 0 && number <= list->size()) found = &(*list)[number - 1];
  }
  return dot == std::string::npos || found == nullptr ? found : find_dotted(*found, key.substr(dot + 1));
}

// Whether one key is the other, or a section that has the other.
bool overlap(const std::string& a, const std::string& b) {
  return a == b || base::starts_with(a, b + ".") || base::starts_with(b, a + ".");
}

// Returns where a value, or a part of it, was set on the command line, or nullptr.
const Origin* find_override(const Value* value) {
  if (value == nullptr) return nullptr;
  if (!value->origin.override_text.empty()) return &value->origin;
  if (value->table() == nullptr) return nullptr;
  for (const Entry& entry : value->table()->entries()) {
    if (const Origin* origin = find_override(&entry.value)) return origin;
  }
  return nullptr;
}

class SweepReader {
 public:
  explicit SweepReader(const ExperimentFile& file) : file_(file) {}

  std::vector<Job> read() {
    const std::vector<Job> variants = read_variants();
    read_sweep();
    refuse_repeated_keys(variants);
    refuse_overridden_axes();
    exclusions_.check_keys(swept_keys(), diagnostics_);
    diagnostics_.throw_if_any();
    std::vector<Job> jobs;
    for (const Job& variant : variants) add_combinations(variant, 0, jobs);
    diagnostics_.throw_if_any();
    if (!draws_) exclusions_.check_use(axis_origins_, diagnostics_);  // random draws may have no excluded value
    if (jobs.empty())
      diagnostics_.error(origin_of("sweep"), "[[sweep.exclude]] excludes all jobs", "exclude fewer jobs");
    diagnostics_.throw_if_any();
    return jobs;
  }

 private:
  Origin origin_of(std::string_view section) const { return file_.table.find(section)->origin; }

  // Returns the tables of an [[array of tables]]. Reports anything else.
  std::vector<const Value*> tables(const Value* value, const std::string& name) {
    std::vector<const Value*> found;
    if (value == nullptr) return found;
    const Array* array = value->array();
    if (array != nullptr) {
      for (const Value& element : *array) {
        if (element.table() != nullptr) found.push_back(&element);
      }
    }
    if (array == nullptr || found.size() != array->size())
      diagnostics_.error(value->origin, "'" + name + "' must be a list of tables", "write [[" + name + "]]");
    return found;
  }

  std::vector<Job> read_variants() {
    const Value* section = file_.table.find("ablation");
    if (section == nullptr) return {Job{}};
    std::vector<Job> variants = {{kBase, {}}};
    std::set<std::string> names = {kBase};
    for (const Value* ablation : tables(section, "ablation")) {
      const Value* name = ablation->table()->find("name");
      const Value* set = ablation->table()->find("set");
      if (name == nullptr || name->text() == nullptr || set == nullptr || set->table() == nullptr ||
          ablation->table()->entries().size() != 2) {
        diagnostics_.error(ablation->origin, "an [[ablation]] must have the keys 'name' and 'set', and no other key",
                           "for example name = \"no selector\" and set.\"selector.plugin\" = \"all\"");
        continue;
      }
      if (name->text()->empty() || set->table()->entries().empty()) {
        diagnostics_.error(ablation->origin, "this [[ablation]] has no name or no change", "add what is missing");
        continue;
      }
      if (!names.insert(*name->text()).second)
        diagnostics_.error(name->origin, "there are two ablations with the name '" + *name->text() + "'",
                           "rename one of them");
      Table changes;
      flatten(*set->table(), "", changes, diagnostics_);
      Job variant{*name->text(), {}};
      for (const Entry& entry : changes.entries()) variant.settings.push_back({entry.key, entry.value});
      variants.push_back(std::move(variant));
    }
    return variants;
  }

  void read_sweep() {
    const Value* section = file_.table.find("sweep");
    if (section == nullptr) return;
    if (section->table() == nullptr) {
      diagnostics_.error(section->origin, std::string("'sweep' must be a section; got ") + section->type_name());
      return;
    }
    for (const Entry& entry : section->table()->entries()) read_part(entry);
  }

  void read_part(const Entry& entry) {
    if (entry.key == "zip") {
      for (const Value* zip : tables(&entry.value, "sweep.zip")) add_flat(*zip, &read_zip);
    } else if (entry.key == "exclude") {
      for (const Value* exclude : tables(&entry.value, "sweep.exclude")) {
        Table flat;
        flatten(*exclude->table(), "", flat, diagnostics_);
        exclusions_.add(std::move(flat), exclude->origin);
      }
    } else if ((entry.key == "grid" || entry.key == "random") && entry.value.table() == nullptr) {
      diagnostics_.error(entry.value.origin, "'sweep." + entry.key + "' must be a section",
                         "write [sweep." + entry.key + "]");
    } else if (entry.key == "grid") {
      Table flat;
      flatten(*entry.value.table(), "", flat, diagnostics_);
      for (const Entry& axis : flat.entries()) {
        groups_.push_back(read_grid_axis(axis, diagnostics_));
        axis_origins_.push_back(axis.value.origin);
      }
    } else if (entry.key == "random") {
      add_flat(entry.value, &read_random);
      draws_ = true;
    } else {
      diagnostics_.error(entry.key_origin, "unknown key 'sweep." + entry.key + "'",
                         base::suggestion(entry.key, {"grid", "zip", "exclude", "random"}, "known keys"));
    }
  }

  void add_flat(const Value& table, AxisGroup (*read_group)(const Value&, Diagnostics&)) {
    Table flat;
    flatten(*table.table(), "", flat, diagnostics_);
    groups_.push_back(read_group({flat, table.origin}, diagnostics_));
    axis_origins_.push_back(table.origin);
  }

  std::set<std::string> swept_keys() const {
    std::set<std::string> keys;
    for (const AxisGroup& group : groups_) keys.insert(group.keys.begin(), group.keys.end());
    return keys;
  }

  // Two axes, or an axis and an ablation, must not set the same key, nor a section and a key in it, because the result
  // would depend on their order.
  void refuse_repeated_keys(const std::vector<Job>& variants) {
    std::vector<std::string> seen;
    for (const AxisGroup& group : groups_) {
      for (const std::string& key : group.keys) {
        const auto same =
            std::find_if(seen.begin(), seen.end(), [&](const std::string& other) { return overlap(key, other); });
        if (same != seen.end())
          diagnostics_.error(origin_of("sweep"),
                             *same == key ? "'" + key + "' is swept twice"
                                          : "'" + key + "' is swept, and '" + *same + "' is swept too",
                             "remove one of the two");
        seen.push_back(key);
      }
    }
    for (const Job& variant : variants) {
      for (const JobSetting& setting : variant.settings) {
        for (const std::string& key : seen) {
          if (overlap(key, setting.key))
            diagnostics_.error(setting.value.origin, "'" + key + "' is swept, but this [[ablation]] sets it too",
                               "remove it from one of the two");
        }
      }
    }
  }

  void refuse_overridden_axes() {
    const Value file{file_.table, {}};
    for (const std::string& key : swept_keys()) {
      const Origin* origin = find_override(find_dotted(file, key));
      if (origin != nullptr)
        diagnostics_.error(*origin, "'" + key + "' is swept, so --set has no effect on it",
                           "run a part of the sweep with --only, or set the axis: --set 'sweep.grid." + key + "=[…]'");
    }
  }

  void add_combinations(const Job& job, std::size_t group, std::vector<Job>& jobs) {
    constexpr std::size_t kMostJobs = 100000;  // a planned job takes about 1 KiB
    if (group == groups_.size()) {
      if (exclusions_.exclude(job)) return;
      if (jobs.size() == kMostJobs) {
        diagnostics_.error(origin_of("sweep"), "the sweep has more than 100,000 jobs", "use fewer values");
      } else {
        jobs.push_back(job);
      }
      return;
    }
    for (const std::vector<Value>& row : groups_[group].rows) {
      Job longer = job;
      for (std::size_t i = 0; i < row.size(); ++i) longer.settings.push_back({groups_[group].keys[i], row[i]});
      add_combinations(longer, group + 1, jobs);
      if (!diagnostics_.empty()) return;
    }
  }

  const ExperimentFile& file_;
  Diagnostics diagnostics_;
  std::vector<AxisGroup> groups_;
  std::vector<Origin> axis_origins_;
  Exclusions exclusions_;
  bool draws_ = false;
};

}  // namespace

bool has_sweep(const Table& table) { return table.find("sweep") != nullptr || table.find("ablation") != nullptr; }

std::vector<Job> read_jobs(const ExperimentFile& file) { return SweepReader(file).read(); }

}  // namespace trefoil::config
