// The place in an experiment file of a place inside one of its texts.
#pragma once

#include <cstdint>

#include "config/value.h"

namespace trefoil::config {

// Returns the place of (line, column) of a text, which count from 1, as those of a ParameterError do. `text` is the
// origin of the text: a value in a TOML file, or the first character of a file that holds nothing but the text. Returns
// `text` itself if the place cannot be found: line 0, a text of --set, or a file that has changed.
Origin place_in_text(const Origin& text, std::int64_t line, std::int64_t column);

}  // namespace trefoil::config
