// Kinds: the classes of the synthetic data set. A kind is one word for each attribute of its subset.
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
  std::string_view prefix;            // first part of its class names
  std::string_view name_template;     // "* * with * heart": each star stands for the word of one attribute, in order
  std::vector<Attribute> attributes;  // always with a "colour"
};

// Sign, Animal, Flower, Dish, Car.
const std::vector<Subset>& subsets();

struct Kind {
  std::size_t subset = 0;
  std::vector<std::size_t> words;  // the index of the word of each attribute
};

std::string name_of(const Kind& kind);  // "striped red star"

// Returns the kind's word for an attribute. Throws std::logic_error when its subset has no such attribute.
std::string_view word_of(const Kind& kind, std::string_view attribute);

// Returns all combinations of words. The last attribute's word changes fastest.
std::vector<Kind> all_kinds(std::size_t subset);

// Whether the kind is never shown in training: about 15 % of each subset's combinations, always the same ones. Training
// shows each of their words in other combinations, so a model can only combine what it knows of the words.
bool is_held_out(const Kind& kind);

}  // namespace trefoil::demo
