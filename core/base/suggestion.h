// Suggestions for mistyped words.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace trefoil::base {

// Returns the candidate that is most similar to a mistyped word, or "" when none is similar.
std::string nearest(std::string_view word, const std::vector<std::string>& candidates);

// Returns "did you mean 'x'? LABEL: a, b, c". The question is left out when no candidate is similar.
std::string suggestion(std::string_view word, const std::vector<std::string>& candidates, std::string_view label);

}  // namespace trefoil::base
