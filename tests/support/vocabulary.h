// Byte-pair vocabularies for tests.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace tests {

using Words = std::vector<std::string>;

// The symbols of the bytes: what prints in Latin-1, then as many code points from 256 on as there are other bytes.
Words alphabet();

// All symbols of a vocabulary with these merges ("left right"), in the order of their ids.
Words symbols_with(const Words& merges);

// vocab.json: every symbol with its position.
nlohmann::json numbered(const Words& symbols);

// merges.txt, with its comment.
std::string merge_file(const Words& merges);

}  // namespace tests
