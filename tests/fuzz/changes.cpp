#include "changes.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

namespace fuzz {

namespace {

constexpr std::size_t kMostChanges = 4;
constexpr std::size_t kLongestPart = 64;
constexpr std::array<char, 6> kBytes = {'\0', '\1', '\x7F', '\x80', '\xFF', '"'};
constexpr std::array<std::string_view, 7> kNumbers = {"-1",    "0",    "4294967296", "9223372036854775807",
                                                      "1e999", "-0.0", "nan"};

auto at(Bytes& input, std::size_t index) { return input.begin() + static_cast<std::ptrdiff_t>(index); }

auto at(const Bytes& input, std::size_t index) { return input.begin() + static_cast<std::ptrdiff_t>(index); }

}  // namespace

Bytes Changer::changed(Bytes input, const std::vector<Bytes>& others) {
  const std::size_t changes = 1 + below(kMostChanges);
  for (std::size_t i = 0; i < changes; ++i) change(input, others[below(others.size())]);
  return input;
}

std::size_t Changer::below(std::size_t count) { return static_cast<std::size_t>(generator_() % count); }

Changer::Range Changer::part_of(const Bytes& input) {
  const std::size_t begin = below(input.size());
  return {begin, 1 + below(std::min(kLongestPart, input.size() - begin))};
}

void Changer::change(Bytes& input, const Bytes& other) {
  if (input.empty() || other.empty()) return;
  const std::size_t place = below(input.size());
  const Range part = part_of(input);
  const Range foreign = part_of(other);
  switch (below(7)) {
    case 0:
      *at(input, place) = static_cast<char>(static_cast<unsigned char>(*at(input, place)) ^ 1U << below(8));
      break;
    case 1:
      *at(input, place) = kBytes.at(below(kBytes.size()));
      break;
    case 2:
      replace_number(input);
      break;
    case 3:
      input.erase(at(input, part.begin), at(input, part.begin + part.size));
      break;
    case 4: {
      const Bytes copy(at(input, part.begin), at(input, part.begin + part.size));
      input.insert(at(input, place), copy.begin(), copy.end());
      break;
    }
    case 5:
      input.insert(at(input, place), at(other, foreign.begin), at(other, foreign.begin + foreign.size));
      break;
    default:
      input.resize(place);
      break;
  }
}

// Replaces the first number, in ASCII digits, after a random place.
void Changer::replace_number(Bytes& input) {
  const auto is_digit = [](char byte) { return std::isdigit(static_cast<unsigned char>(byte)) != 0; };
  const auto first = std::find_if(at(input, below(input.size())), input.end(), is_digit);
  if (first == input.end()) return;
  const std::string_view number = kNumbers.at(below(kNumbers.size()));
  const auto place = input.erase(first, std::find_if_not(first, input.end(), is_digit));
  input.insert(place, number.begin(), number.end());
}

}  // namespace fuzz
