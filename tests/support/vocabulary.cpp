#include "support/vocabulary.h"

#include <algorithm>

namespace tests {

namespace {

std::string utf8(unsigned code) {
  if (code < 0x80) return {static_cast<char>(code)};
  return {static_cast<char>(0xC0U | code >> 6U), static_cast<char>(0x80U | (code & 0x3FU))};
}

}  // namespace

Words alphabet() {
  Words symbols;
  for (unsigned code = '!'; code <= '~'; ++code) symbols.push_back(utf8(code));
  for (unsigned code = 0xA1; code <= 0xFF; ++code) {
    if (code != 0xAD) symbols.push_back(utf8(code));
  }
  for (unsigned code = 0x100; symbols.size() < 256; ++code) symbols.push_back(utf8(code));
  return symbols;
}

Words symbols_with(const Words& merges) {
  Words symbols = alphabet();
  for (const std::string& symbol : alphabet()) symbols.push_back(symbol + "</w>");
  for (std::string merge : merges) {
    merge.erase(std::remove(merge.begin(), merge.end(), ' '), merge.end());
    symbols.push_back(merge);
  }
  symbols.insert(symbols.end(), {"<|startoftext|>", "<|endoftext|>"});
  return symbols;
}

nlohmann::json numbered(const Words& symbols) {
  nlohmann::json ids;
  for (std::size_t i = 0; i < symbols.size(); ++i) ids[symbols[i]] = i;
  return ids;
}

std::string merge_file(const Words& merges) {
  std::string text = "#version: 0.2\n";
  for (const std::string& merge : merges) text += merge + "\n";
  return text;
}

}  // namespace tests
