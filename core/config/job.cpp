#include "config/job.h"

#include <algorithm>

#include "base/text.h"
#include "config/merge.h"

namespace trefoil::config {

namespace {

// Returns the keys of the plugin parameters that a setting sets: "relation.alpha", or the keys in a section. Returns
// none for sections that [search] does not search.
std::vector<std::string> plugin_parameters(const JobSetting& setting) {
  std::vector<std::string> keys;
  const std::string section = setting.key.substr(0, setting.key.find('.'));
  const runtime::KindTraits* kind = runtime::find_kind(section);
  if (kind == nullptr || !kind->searched) return keys;
  if (setting.value.table() == nullptr) {
    keys.push_back(setting.key);
  } else {
    for (const Entry& entry : setting.value.table()->entries()) keys.push_back(setting.key + "." + entry.key);
  }
  keys.erase(std::remove(keys.begin(), keys.end(), section + ".plugin"), keys.end());
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

ExperimentFile with_settings(const ExperimentFile& file, const std::vector<JobSetting>& settings) {
  ExperimentFile result = file;
  result.table.erase("sweep");
  result.table.erase("ablation");
  result.table.erase("launcher");
  Table changes;
  std::vector<std::string> fixed;
  for (const JobSetting& setting : settings) {
    remove_quoted_range(result.table, setting.key);
    set_dotted(changes, setting.key, setting.value, setting.value.origin);
    for (const std::string& key : plugin_parameters(setting)) fixed.push_back(key);
  }
  merge_into(result.table, changes);
  Value* search = result.table.find("search");
  if (search != nullptr && search->table() != nullptr) fix(*search->table(), fixed);
  return result;
}

}  // namespace trefoil::config
