#include "run/shared_work.h"

#include <algorithm>
#include <array>
#include <variant>
#include <vector>

#include "base/text.h"
#include "config/settings.h"
#include "config/toml.h"
#include "method/affinity.h"

namespace trefoil::run {

namespace {

std::string settings_of(const config::Experiment& experiment, const std::vector<std::string>& sections) {
  std::string text = "seed = " + std::to_string(experiment.seed) + "\n";
  for (const config::Setting& setting : experiment.settings) {
    const bool wanted = std::any_of(sections.begin(), sections.end(), [&](const std::string& section) {
      return base::starts_with(setting.key, section + ".");
    });
    if (wanted && !config::is_strength(setting.key))
      text += setting.key + " = " + config::toml_text(setting.value) + "\n";
  }
  return text;
}

// What a search has chosen is not among the settings.
std::string chosen_of(const config::Experiment& experiment, PluginKind kind) {
  std::string text;
  if (!experiment.search) return text;
  for (const config::SearchAxis& axis : experiment.search->axes) {
    if (axis.kind == kind && !config::is_strength(axis.key))
      text += axis.key + " = " + config::real_text(config::value_of(experiment, axis)) + "\n";
  }
  return text;
}

using Field = double Classifier::*;
constexpr std::array kStrengths = {std::pair<const char*, Field>("alpha", &Classifier::alpha),
                                   std::pair<const char*, Field>("beta", &Classifier::beta),
                                   std::pair<const char*, Field>("gamma", &Classifier::gamma)};

Classifier with_strengths(Classifier classifier, const Parameters& parameters) {
  for (const auto& [name, field] : kStrengths) {
    const auto value = parameters.values().find(name);
    const auto* number = value == parameters.values().end() ? nullptr : std::get_if<double>(&value->second);
    if (number != nullptr) classifier.*field = *number;
  }
  return classifier;
}

// The names of those in which they differ.
std::set<std::string> differing(const Classifier& a, const Classifier& b) {
  std::set<std::string> names;
  for (const auto& [name, field] : kStrengths) {
    if (a.*field != b.*field) names.insert(name);
  }
  return names;
}

}  // namespace

std::string task_key(const config::Experiment& experiment) {
  return settings_of(experiment, {"data", "encoder", "prompts"});
}

std::string channels_key(const config::Experiment& experiment) {
  return settings_of(experiment, {"data", "encoder", "prompts", "selector"}) +
         chosen_of(experiment, PluginKind::selector);
}

std::string relation_key(const config::Experiment& experiment) {
  return channels_key(experiment) + settings_of(experiment, {"relation"}) + chosen_of(experiment, PluginKind::relation);
}

SharedRelation::Made SharedRelation::get(const std::string& key, const Parameters& parameters,
                                         const std::function<Made()>& relate) {
  if (key != key_) {
    first_ = relate();
    key_ = key;
    proven_.clear();
    may_share_ = first_.silent;
    return first_;
  }
  const Classifier expected = with_strengths(first_.result, parameters);
  const std::set<std::string> changed = differing(expected, first_.result);
  const bool is_proven = std::includes(proven_.begin(), proven_.end(), changed.begin(), changed.end());
  if (may_share_ && is_proven && !proven_.empty()) return {expected, first_.figures};
  Made made = relate();
  may_share_ = may_share_ && made.silent && differ_in_strengths_only(made.result, first_.result) &&
               made.figures == first_.figures && differing(made.result, expected).empty();
  if (may_share_) proven_.insert(changed.begin(), changed.end());
  return made;
}

}  // namespace trefoil::run
