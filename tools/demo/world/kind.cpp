// The subsets, their words, and which combinations training never sees.
#include "world/kind.h"

#include <cstdint>
#include <stdexcept>

namespace trefoil::demo {

namespace {

const std::vector<std::string_view> kColours = {"red",    "orange", "yellow", "green", "blue",
                                                "purple", "pink",   "brown",  "white", "black"};

Subset signs() {
  return {"Sign",
          "* * *",
          {{"pattern", {"plain", "striped", "dotted", "checked", "framed"}},
           {"colour", kColours},
           {"shape",
            {"circle", "square", "triangle", "star", "cross", "heart", "crescent", "ring", "hexagon", "arrow", "drop",
             "diamond", "bolt", "clover"}}}};
}

Subset animals() {
  return {
      "Animal",
      "* * *",
      {{"coat", {"plain", "spotted", "banded", "netted"}},
       {"colour", kColours},
       {"species", {"fish", "bird", "beetle", "snail", "snake", "butterfly", "mouse", "turtle", "spider", "crab"}}}};
}

Subset flowers() {
  return {"Flower",
          "* * with * heart",
          {{"colour", {"red", "orange", "yellow", "blue", "purple", "pink", "white"}},
           {"flower", {"daisy", "poppy", "tulip", "lily", "sunflower", "bell", "rose", "primrose"}},
           {"heart", {"yellow", "brown", "green", "white", "black"}}}};
}

Subset dishes() {
  return {"Dish",
          "* * with *",
          {{"colour", {"red", "orange", "yellow", "green", "purple", "pink", "brown", "white"}},
           {"dish", {"soup", "pie", "noodles", "salad", "cake", "pizza", "rice", "burger"}},
           {"topping", {"peas", "carrots", "herbs", "tomatoes", "olives", "cheese"}}}};
}

Subset cars() {
  return {"Car",
          "* *",
          {{"colour", kColours}, {"vehicle", {"van", "bus", "truck", "taxi", "tractor", "pickup", "racer", "tanker"}}}};
}

// FNV-1a with another mix of the bits, so that similar names get different numbers.
std::uint64_t hash_of(std::string_view text) {
  std::uint64_t hash = 182;  // chosen so that about the same part of every word's kinds is held out
  for (const char letter : text) hash = (hash ^ static_cast<unsigned char>(letter)) * 0x100000001b3U;
  hash = (hash ^ (hash >> 33U)) * 0xff51afd7ed558ccdU;
  return hash ^ (hash >> 33U);
}

}  // namespace

const std::vector<Subset>& subsets() {
  static const std::vector<Subset> all = {signs(), animals(), flowers(), dishes(), cars()};
  return all;
}

std::string name_of(const Kind& kind) {
  const Subset& subset = subsets()[kind.subset];
  std::string name;
  std::size_t attribute = 0;
  for (const char letter : subset.name_template) {
    if (letter != '*') {
      name += letter;
      continue;
    }
    name += subset.attributes[attribute].words[kind.words[attribute]];
    ++attribute;
  }
  return name;
}

std::string_view word_of(const Kind& kind, std::string_view attribute) {
  const std::vector<Attribute>& attributes = subsets()[kind.subset].attributes;
  for (std::size_t i = 0; i < attributes.size(); ++i) {
    if (attributes[i].name == attribute) return attributes[i].words[kind.words[i]];
  }
  throw std::logic_error("no such attribute: " + std::string(attribute));
}

std::vector<Kind> all_kinds(std::size_t subset) {
  std::vector<Kind> kinds = {{subset, {}}};
  for (const Attribute& attribute : subsets()[subset].attributes) {
    std::vector<Kind> longer;
    for (const Kind& kind : kinds) {
      for (std::size_t word = 0; word < attribute.words.size(); ++word) {
        longer.push_back(kind);
        longer.back().words.push_back(word);
      }
    }
    kinds.swap(longer);
  }
  return kinds;
}

bool is_held_out(const Kind& kind) { return hash_of(name_of(kind)) % 100 < 15; }

}  // namespace trefoil::demo
