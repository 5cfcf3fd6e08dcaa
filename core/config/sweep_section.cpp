#include "config/sweep_section.h"

#include <algorithm>
#include <set>

#include "base/suggestion.h"
#include "base/text.h"
#include "config/alternatives.h"
#include "config/flat_keys.h"
#include "config/plugin_key.h"
#include "config/sweep_axes.h"
#include "config/sweep_conflicts.h"
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
    refuse_conflicts(variants, named_, groups_, diagnostics_);
    refuse_overridden_axes();
    exclusions_.check_keys(keys_to_exclude(), diagnostics_);
    diagnostics_.throw_if_any();
    std::vector<Job> jobs;
    for (const Job& variant : variants) add_alternatives(variant, 0, jobs);
    diagnostics_.throw_if_any();
    if (!draws_) exclusions_.check_use(axis_origins(), diagnostics_);  // random draws may have no excluded value
    if (jobs.empty())
      diagnostics_.error(origin_of("sweep"), "[[sweep.exclude]] excludes all jobs", "exclude fewer jobs");
    diagnostics_.throw_if_any();
    return jobs;
  }

 private:
  Origin origin_of(std::string_view section) const { return file_.table.find(section)->origin; }

  std::vector<Job> read_variants() {
    const Value* section = file_.table.find("ablation");
    if (section == nullptr) return {Job{}};
    Job unchanged;
    unchanged.variant = kBase;
    std::vector<Job> variants = {unchanged};
    for (Alternative& ablation : read_ablations(*section, diagnostics_)) {
      Job variant;
      variant.variant = std::move(ablation.name);
      variant.settings = std::move(ablation.settings);
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
      for (const Value* zip : table_list(entry.value, "sweep.zip", diagnostics_)) add_flat(*zip, &read_zip);
    } else if (entry.key == "exclude") {
      for (const Value* exclude : table_list(entry.value, "sweep.exclude", diagnostics_)) {
        Table flat;
        flatten(*exclude->table(), "", flat, diagnostics_);
        exclusions_.add(std::move(flat), exclude->origin);
      }
    } else if ((entry.key == "grid" || entry.key == "random" || entry.key == "axis") &&
               entry.value.table() == nullptr) {
      diagnostics_.error(entry.value.origin, "'sweep." + entry.key + "' must be a section",
                         "write [sweep." + entry.key + "]");
    } else if (entry.key == "grid") {
      Table flat;
      flatten(*entry.value.table(), "", flat, diagnostics_);
      for (const Entry& axis : flat.entries()) {
        groups_.push_back(read_grid_axis(axis, diagnostics_));
      }
    } else if (entry.key == "random") {
      add_flat(entry.value, &read_random);
      draws_ = true;
    } else if (entry.key == "axis") {
      for (const Entry& axis : entry.value.table()->entries()) read_axis(axis);
    } else {
      diagnostics_.error(entry.key_origin, "unknown key 'sweep." + entry.key + "'",
                         base::suggestion(entry.key, {"grid", "zip", "axis", "exclude", "random"}, "known keys"));
    }
  }

  void read_axis(const Entry& entry) {
    const std::vector<std::string> taken = {"variant", "seed", "name", "needs", "extends", "plugin_path"};
    const bool is_taken = std::find(taken.begin(), taken.end(), entry.key) != taken.end();
    if (is_taken || entry.key.find('.') != std::string::npos || base::has_control_character(entry.key)) {
      diagnostics_.error(entry.key_origin, "an axis cannot have the name '" + entry.key + "'",
                         "give it another name, such as [[sweep.axis.method]]");
      return;
    }
    named_.push_back(
        {entry.key, read_named_axis(entry.value, "sweep.axis." + entry.key, diagnostics_), entry.value.origin});
  }

  void add_flat(const Value& table, AxisGroup (*read_group)(const Value&, Diagnostics&)) {
    Table flat;
    flatten(*table.table(), "", flat, diagnostics_);
    groups_.push_back(read_group({flat, table.origin}, diagnostics_));
  }

  std::set<std::string> swept_keys() const {
    std::set<std::string> keys;
    for (const AxisGroup& group : groups_) keys.insert(group.keys.begin(), group.keys.end());
    return keys;
  }

  std::vector<Origin> axis_origins() const {
    std::vector<Origin> origins;
    for (const NamedAxis& axis : named_) origins.push_back(axis.origin);
    for (const AxisGroup& group : groups_) origins.push_back(group.origin);
    return origins;
  }

  // The keys that [[sweep.exclude]] may have.
  std::set<std::string> keys_to_exclude() const {
    std::set<std::string> keys = swept_keys();
    for (const NamedAxis& axis : named_) keys.insert(axis.name);
    return keys;
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

  // Adds the jobs of every combination of the named axes from number `axis` on.
  void add_alternatives(const Job& job, std::size_t axis, std::vector<Job>& jobs) {
    if (axis == named_.size()) return add_combinations(job, 0, jobs);
    for (const Alternative& alternative : named_[axis].alternatives) {
      Job longer = job;
      longer.names.push_back({named_[axis].name, alternative.name});
      if (alternative.file != nullptr) longer.files.push_back(alternative.file);
      longer.changes.insert(longer.changes.end(), alternative.settings.begin(), alternative.settings.end());
      longer.optional = longer.optional || alternative.optional;
      add_alternatives(longer, axis + 1, jobs);
      if (!diagnostics_.empty()) return;
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
  std::vector<NamedAxis> named_;
  std::vector<AxisGroup> groups_;
  Exclusions exclusions_;
  bool draws_ = false;
};

}  // namespace

bool has_sweep(const Table& table) { return table.find("sweep") != nullptr || table.find("ablation") != nullptr; }

std::vector<Job> read_jobs(const ExperimentFile& file) { return SweepReader(file).read(); }

}  // namespace trefoil::config
