// Merges: a byte-pair vocabulary (Sennrich et al., ACL 2016) in which each of a few words is one token.
#pragma once

#include <string>
#include <vector>

namespace trefoil::demo {

// The file merges.txt for lower-case ASCII words: a first line "#version: 0.2", then the pairs that merge, first merge
// first. The pair that occurs most often among the words goes first, of equals the lower one.
std::string merges_for(const std::vector<std::string>& words);

}  // namespace trefoil::demo
