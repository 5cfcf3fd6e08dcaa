// Merges: a byte-pair vocabulary (Sennrich et al., ACL 2016) in which each of a few words is one token.
#pragma once

#include <string>
#include <vector>

namespace trefoil::demo {

// Returns the file merges.txt for lower-case ASCII words: the line "#version: 0.2", then the pairs in the order in
// which they are merged. The most frequent pair among the words comes first; of equally frequent pairs, the smaller
// one.
std::string merges_for(const std::vector<std::string>& words);

}  // namespace trefoil::demo
