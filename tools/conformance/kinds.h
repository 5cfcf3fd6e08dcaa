// The rules of each kind of plugin.
#pragma once

#include "conformance/rules.h"
#include "conformance/subject.h"

namespace trefoil::conformance {

void check_selector(const Subject& subject, Rules& rules);
void check_relation(const Subject& subject, Rules& rules);
void check_head(const Subject& subject, Rules& rules);
void check_encoder(const Subject& subject, Rules& rules);

// Values of its parameters that are worth trying, one at a time: both booleans, every choice, the least number, and the
// ends of what a search tries.
std::vector<std::pair<std::string, ParameterValue>> values_to_try(const PluginDescriptor& descriptor);

// As in an experiment file.
std::string value_text(const ParameterValue& value);

// Each of them, as a rule: `attempt(subject)` gives something valid, or the plugin refuses.
template <typename Attempt>
void check_values(const Subject& subject, Rules& rules, Attempt attempt) {
  for (const auto& [name, value] : values_to_try(subject.descriptor())) {
    rules.check(name + " = " + value_text(value),
                [&, changed = subject.with(name, value)] { return allowing_refusal([&] { attempt(changed); }); });
  }
}

}  // namespace trefoil::conformance
