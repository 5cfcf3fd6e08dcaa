// Settings as people read them: symbols for keys, texts without quotes.
#pragma once

#include <optional>
#include <string>

namespace trefoil::report {

// "relation.alpha" -> "α", "selector.q" -> "Q". Other keys lose their section: "head.plugin" -> "head",
// "selector.balance" -> "balance".
std::string short_name(const std::string& key);

// "α (relation.alpha)"; the key alone when it has no symbol.
std::string long_name(const std::string& key);

// "relation" of "relation.alpha"; "" at the top level.
std::string section_of(const std::string& key);

// A TOML value as text: "\"mixed\"" -> "mixed", "4.0" -> "4", "" -> "not set".
std::string shown(const std::string& toml);

// A TOML value as a number. Nothing when it is no number.
std::optional<double> number_of(const std::string& toml);

}  // namespace trefoil::report
