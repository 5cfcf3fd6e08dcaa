#include "config/job.h"

#include <algorithm>

#include "base/text.h"
#include "config/merge.h"
#include "config/plugin_key.h"

namespace trefoil::config {

namespace {

void add_keys(const std::string& section, const Table& table, std::vector<std::string>& keys) {
  for (const Entry& entry : table.entries()) {
    if (entry.key != "plugin") keys.push_back(section + "." + entry.key);
  }
}

// Returns the keys of the plugin parameters that a setting sets: "relation.alpha", or the keys in a section. Returns
// none for sections that [search] does not search.
std::vector<std::string> plugin_parameters(const JobSetting& setting) {
  std::vector<std::string> keys;
  const runtime::KindTraits* kind = runtime::find_kind(setting.key.substr(0, setting.key.find('.')));
  if (kind == nullptr || !kind->searched) return keys;
  if (const Array* list = setting.value.array()) {
    for (std::size_t i = 0; i < list->size(); ++i) {
      if ((*list)[i].table() != nullptr) add_keys(section_name({kind->kind, i}, true), *(*list)[i].table(), keys);
    }
  } else if (setting.value.table() != nullptr) {
    add_keys(setting.key, *setting.value.table(), keys);
  } else if (name_in_section(setting.key) != "plugin") {
    keys.push_back(setting.key);
  }
  return keys;
}

// Removes the range of a searched parameter in its quoted spelling, because the job's range has the other one.
void remove_quoted_range(Table& file, const std::string& key) {
  constexpr std::string_view kSearch = "search.";
  Value* search = file.find("search");
  const bool is_range = base::starts_with(key, kSearch) && key.find('.', kSearch.size()) != std::string::npos;
  if (is_range && search != nullptr && search->table() != nullptr) search->table()->erase(key.substr(kSearch.size()));
}

// Adds the keys to search.fixed. The file may have set this list already.
void fix(Table& search, const std::vector<std::string>& keys) {
  Value fixed{Array{}, {}};
  if (const Value* present = search.find("fixed")) fixed = *present;
  Array* list = std::get_if<Array>(&fixed.data);
  if (list == nullptr) return;  // not a list: reading [search] will report this
  for (const std::string& key : keys) list->push_back({key, {}});
  if (!list->empty()) search.set({"fixed", {}, fixed});
}

}  // namespace

ExperimentFile with_job(const ExperimentFile& file, const Job& job) {
  ExperimentFile result = file;
  for (const char* section : {"sweep", "ablation", "launcher", "report"}) result.table.erase(section);
  for (const auto& experiment : job.files) merge_into(result.table, *experiment);
  Table changes;
  std::vector<std::string> fixed;
  for (const std::vector<JobSetting>* settings : {&job.changes, &job.settings}) {
    for (const JobSetting& setting : *settings) {
      remove_quoted_range(result.table, setting.key);
      set_dotted(changes, setting.key, setting.value, setting.value.origin);
      for (const std::string& key : plugin_parameters(setting)) fixed.push_back(key);
    }
  }
  merge_into(result.table, changes);
  Value* search = result.table.find("search");
  if (search != nullptr && search->table() != nullptr) fix(*search->table(), fixed);
  return result;
}

}  // namespace trefoil::config
