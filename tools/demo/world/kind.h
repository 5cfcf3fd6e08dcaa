// The kinds of things in the little world: a kind is one word for each attribute of its subset.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace trefoil::demo {

struct Attribute {
  std::string_view name;
  std::vector<std::string_view> words;
};

struct Subset {
  std::string_view prefix;            // what its class names begin with
  std::string_view name_template;     // "* * with * heart": a star for each attribute's word, in order
  std::vector<Attribute> attributes;  // among them always a "colour"
};

// Sign, Animal, Flower, Dish, Car.
const std::vector<Subset>& subsets();

struct Kind {
  std::size_t subset = 0;
  std::vector<std::size_t> words;  // for each attribute the index of its word
};

std::string name_of(const Kind& kind);  // "striped red star"

// The kind's word for an attribute of its subset. Throws std::logic_error when the subset has no such attribute.
std::string_view word_of(const Kind& kind, std::string_view attribute);

// Every combination of words, the last attribute's word changing fastest.
std::vector<Kind> all_kinds(std::size_t subset);

// About 15 % of each subset's combinations are never shown in training, the same ones always. Each of their words is:
// what a model knows of such a kind, it has put together from its words.
bool is_held_out(const Kind& kind);

}  // namespace trefoil::demo
