// The painters of the five subsets. Each paints an object of a kind into about -1 to 1 of the canvas.
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>

#include "world/canvas.h"
#include "world/kind.h"
#include "world/random.h"

namespace trefoil::demo {

struct Sitter {
  Canvas& canvas;
  const Kind& kind;
  Colour colour;  // a shade of the colour word, for this image
  Colour accent;
  double grain = 1;  // see Paint
  Random& random;    // for small details
};

void paint_sign(const Sitter& sitter);
void paint_animal(const Sitter& sitter);
void paint_flower(const Sitter& sitter);
void paint_dish(const Sitter& sitter);
void paint_car(const Sitter& sitter);

// Returns the entry of a word in a table of words. Throws std::logic_error when there is none.
template <typename Value, std::size_t count>
const Value& entry_of(const std::pair<std::string_view, Value> (&table)[count], std::string_view word) {
  for (const auto& [name, value] : table) {
    if (name == word) return value;
  }
  throw std::logic_error("nothing is known of the word '" + std::string(word) + "'");
}

}  // namespace trefoil::demo
