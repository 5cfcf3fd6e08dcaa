#include "training/merges.h"

#include <map>
#include <utility>

namespace trefoil::demo {

namespace {

using Symbols = std::vector<std::string>;
using Pair = std::pair<std::string, std::string>;

Symbols letters_of(const std::string& word) {
  Symbols symbols;
  for (const char letter : word) symbols.emplace_back(1, letter);
  symbols.back() += "</w>";
  return symbols;
}

std::map<Pair, int> count_pairs(const std::vector<Symbols>& words) {
  std::map<Pair, int> counts;
  for (const Symbols& word : words) {
    for (std::size_t i = 1; i < word.size(); ++i) ++counts[{word[i - 1], word[i]}];
  }
  return counts;
}

void merge(Symbols& word, const Pair& pair) {
  Symbols merged;
  for (const std::string& symbol : word) {
    const bool second = !merged.empty() && merged.back() == pair.first && symbol == pair.second;
    if (second) {
      merged.back() += symbol;
    } else {
      merged.push_back(symbol);
    }
  }
  word = std::move(merged);
}

}  // namespace

std::string merges_for(const std::vector<std::string>& words) {
  std::vector<Symbols> split;
  split.reserve(words.size());
  for (const std::string& word : words) split.push_back(letters_of(word));
  std::string text = "#version: 0.2\n";
  for (auto counts = count_pairs(split); !counts.empty(); counts = count_pairs(split)) {
    auto most = counts.begin();
    for (auto entry = counts.begin(); entry != counts.end(); ++entry) {
      if (entry->second > most->second) most = entry;
    }
    text += most->first.first + " " + most->first.second + "\n";
    for (Symbols& word : split) merge(word, most->first);
  }
  return text;
}

}  // namespace trefoil::demo
