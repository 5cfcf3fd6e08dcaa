// Help with mistyped words.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace trefoil::base {

// The candidate nearest to a mistyped word, or "" when none is near.
std::string nearest(std::string_view word, const std::vector<std::string>& candidates);

// "did you mean 'x'? " when something is near, then "`label`: a, b, c".
std::string suggestion(std::string_view word, const std::vector<std::string>& candidates, std::string_view label);

}  // namespace trefoil::base
