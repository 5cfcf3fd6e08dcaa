// The rules of each kind of plugin.
#pragma once

#include "conformance/rules.h"
#include "conformance/subject.h"

namespace trefoil::conformance {

void check_selector(const Subject& subject, Rules& rules);
void check_relation(const Subject& subject, Rules& rules);
void check_head(const Subject& subject, Rules& rules);
void check_adapter(const Subject& subject, Rules& rules);
void check_encoder(const Subject& subject, Rules& rules);

// Returns the parameter values to test, one at a time: both booleans, every choice, the minimum of a number, and both
// ends of its search range.
std::vector<std::pair<std::string, ParameterValue>> values_to_try(const std::vector<Parameter>& declared);

// Returns the value as it is written in an experiment file.
std::string value_text(const ParameterValue& value);

// Checks one rule for each of these values: `attempt(subject)` must give a valid result, or the plugin refuses the
// value.
template <typename Attempt>
void check_values(const Subject& subject, Rules& rules, Attempt attempt) {
  for (const auto& [name, value] : values_to_try(subject.declared())) {
    rules.check(name + " = " + value_text(value),
                [&, changed = subject.with(name, value)] { return allowing_refusal([&] { attempt(changed); }); });
  }
}

}  // namespace trefoil::conformance
