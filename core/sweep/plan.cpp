#include "sweep/plan.h"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <set>

#include "base/csv.h"
#include "base/errors.h"
#include "base/sha256.h"
#include "base/suggestion.h"
#include "base/text.h"
#include "config/toml.h"

namespace trefoil::sweep {

namespace {

// A text without its quotes: labels are for people.
std::string plain(const config::Value& value) {
  return value.text() != nullptr ? *value.text() : config::toml_text(value);
}

std::string label_of(const config::Job& job) {
  std::string label;
  for (const config::NamedChoice& choice : job.names)
    label += (label.empty() ? "" : " ") + choice.axis + "=" + choice.name;
  for (const config::JobSetting& setting : job.settings)
    label += (label.empty() ? "" : " ") + setting.key + "=" + plain(setting.value);
  return label;
}

// Whether `text` is the value: as written, without its quotes, or an equal number.
bool is_value(const config::Value& value, const std::string& text) {
  if (plain(value) == text || config::toml_text(value) == text) return true;
  const std::optional<config::Value> parsed = config::parse_toml_value(text);
  return parsed && value.number() && parsed->number() == value.number();
}

// The key as config.toml has it: search."relation.alpha".
std::string written_key(const std::string& key) {
  constexpr std::string_view kSearch = "search.";
  const bool is_range = base::starts_with(key, kSearch) && key.find('.', kSearch.size()) != std::string::npos &&
                        key[kSearch.size()] != '"';
  return is_range ? std::string(kSearch) + config::toml_quoted(key.substr(kSearch.size())) : key;
}

// Adds the keys that a job sets, those of a table one by one.
void add_keys(const config::JobSetting& setting, std::vector<std::string>& keys) {
  std::vector<std::string> set = {written_key(setting.key)};
  if (const config::Table* table = setting.value.table()) {
    set.clear();
    for (const config::Entry& entry : table->entries()) set.push_back(written_key(setting.key + "." + entry.key));
  }
  for (std::string& key : set) {
    if (std::find(keys.begin(), keys.end(), key) == keys.end()) keys.push_back(std::move(key));
  }
}

bool holds(const PlannedJob& job, const std::string& key, const std::string& text) {
  if (key == "variant") return job.variant == text;
  for (const config::NamedChoice& choice : job.names) {
    if (choice.axis == key) return choice.name == text;
  }
  const std::vector<config::Setting>& settings = config::settings_of(job.resolve());
  return std::any_of(settings.begin(), settings.end(), [&](const config::Setting& setting) {
    return setting.key == key && is_value(setting.value, text);
  });
}

// Returns the names of a job, which tell it apart besides its settings: "residual", or "method=Tip dataset=SUN397".
std::string identity_of(const config::Job& job) {
  std::string identity = job.variant;
  for (const config::NamedChoice& choice : job.names)
    identity += (identity.empty() ? "" : " ") + choice.axis + "=" + choice.name;
  return identity;
}

config::Origin origin_of(const config::Job& job, const config::ExperimentFile& file) {
  if (!job.settings.empty()) return job.settings.front().value.origin;
  const config::Value* sweep = file.table.find("sweep");
  return sweep != nullptr ? sweep->origin : config::Origin{};
}

// Throws ConfigError when [report] names an axis that the sweep does not have.
void check_report_axes(const Plan& plan, const config::ExperimentFile& file) {
  std::vector<std::string> axes = plan.swept_keys;
  axes.insert(axes.end(), plan.named_axes.begin(), plan.named_axes.end());
  axes.emplace_back("variant");
  config::Diagnostics diagnostics;
  for (const auto* keys : {&plan.report.rows, &plan.report.columns, &plan.report.blocks}) {
    for (const std::string& key : *keys) {
      if (std::find(axes.begin(), axes.end(), key) == axes.end())
        diagnostics.error(file.table.find("report")->origin, "'" + key + "' is in [report], but it is not swept",
                          base::suggestion(key, axes, "swept keys"));
    }
  }
  diagnostics.throw_if_any();
}

}  // namespace

std::string Plan::hash() const {
  std::string all;
  for (const PlannedJob& job : jobs) all.append(job.variant).append(" ").append(job.hash).append("\n");
  return base::sha256(all).substr(0, 6);
}

std::string family_of(const config::Experiment& experiment, std::size_t index) {
  const bool searches = experiment.search && !experiment.search->axes.empty();
  const bool trains = experiment.plugin(PluginKind::head) != nullptr;
  const bool adapts = experiment.plugin(PluginKind::adapter) != nullptr;
  if (searches || trains || adapts) return "alone: " + std::to_string(index);
  std::string settings;
  for (const config::Setting& setting : config::settings_of(experiment)) {
    if (!config::is_cache_hyperparameter(setting.key) && setting.key != "search.fixed")
      settings += setting.key + " = " + config::toml_text(setting.value) + "\n";
  }
  return base::sha256(settings);
}

Plan make_plan(const config::ExperimentFile& file, const runtime::Registry& registry) {
  constexpr std::size_t kHashDigits = 12;
  const auto shared_file = std::make_shared<const config::ExperimentFile>(file);
  Plan plan;
  plan.report = config::read_report_choice(file);
  std::vector<config::Diagnostic> problems;
  std::map<std::string, std::string> known_jobs;  // by hash
  std::set<std::string> said;                     // a mistake that many jobs share is reported once
  for (config::Job& job : config::read_jobs(file)) {
    for (const config::JobSetting& setting : job.settings) add_keys(setting, plan.swept_keys);
    try {
      const config::Experiment experiment = config::resolve(config::with_job(file, job), registry);
      plan.name = experiment.name;
      const std::string hash = base::sha256(config::to_toml(experiment)).substr(0, kHashDigits);
      const auto [known, is_new] = known_jobs.emplace(hash, identity_of(job));
      if (!is_new && known->second != identity_of(job)) {
        throw config::ConfigError(
            {{origin_of(job, file), "'" + identity_of(job) + "' is the same experiment as '" + known->second + "'",
              "change something in it, or leave it out"}});
      }
      if (!is_new) continue;  // random draws may repeat
      const std::size_t index = plan.jobs.size();
      PlannedJob planned{{hash, job.variant, label_of(job), "", job.names}, index, family_of(experiment, index), {}};
      if (job.optional) planned.needs = experiment.data.parameters.text("root");
      planned.resolve = [shared_file, &registry, job = std::move(job)] {
        return config::resolve(config::with_job(*shared_file, job), registry);
      };
      plan.jobs.push_back(std::move(planned));
    } catch (const config::ConfigError& error) {
      for (const config::Diagnostic& diagnostic : error.diagnostics) {
        if (said.insert(diagnostic.text()).second) problems.push_back(diagnostic);
      }
    }
  }
  if (!problems.empty()) throw config::ConfigError(std::move(problems));
  std::sort(plan.swept_keys.begin(), plan.swept_keys.end());
  for (const config::NamedChoice& choice : plan.jobs.front().names) plan.named_axes.push_back(choice.axis);
  check_report_axes(plan, file);
  return plan;
}

Plan only(const Plan& plan, const std::vector<std::string>& conditions) {
  Plan kept = plan;
  for (const std::string& condition : conditions) {
    const std::size_t equals = condition.find('=');
    if (equals == std::string::npos || equals == 0)
      throw Error(ExitCode::configuration,
                  "--only takes KEY=VALUE, for example --only data.shots=16; got " + condition);
    const std::string key = condition.substr(0, equals);
    const std::string value = condition.substr(equals + 1);
    kept.jobs.erase(std::remove_if(kept.jobs.begin(), kept.jobs.end(),
                                   [&](const PlannedJob& job) { return !holds(job, key, value); }),
                    kept.jobs.end());
    if (kept.jobs.empty())
      throw Error(ExitCode::configuration,
                  "--only " + condition + " leaves no job; --dry-run without it shows them all");
  }
  return kept;
}

std::vector<std::vector<const PlannedJob*>> families(const Plan& plan) {
  constexpr std::size_t kMost = 64;  // jobs in one family; bounds the memory of their classifiers and results
  std::vector<std::vector<const PlannedJob*>> all;
  std::map<std::string, std::size_t> number;
  for (const PlannedJob& job : plan.jobs) {
    const auto [entry, is_new] = number.emplace(job.family, all.size());
    if (is_new || all[entry->second].size() == kMost) {
      entry->second = all.size();
      all.emplace_back();
    }
    all[entry->second].push_back(&job);
  }
  return all;
}

std::string plan_table(const Plan& plan) {
  std::string table = "index,hash,variant,settings,needs";
  for (const std::string& axis : plan.named_axes) table += "," + axis;
  table += "\n";
  for (const PlannedJob& job : plan.jobs) {
    table += std::to_string(job.index) + "," + job.hash;
    for (const std::string* text : {&job.variant, &job.label, &job.needs}) table += "," + base::csv_text(*text);
    for (const config::NamedChoice& choice : job.names) table += "," + base::csv_text(choice.name);
    table += "\n";
  }
  return table;
}

}  // namespace trefoil::sweep
