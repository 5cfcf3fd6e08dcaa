// Colours in parameters of encoders: three numbers in a text.
#pragma once

#include <array>
#include <sstream>
#include <stdexcept>
#include <string>

namespace encoders {

// "0.5 0.5 0.5" as three numbers. Throws std::runtime_error that names the parameter if the text has another form.
inline std::array<float, 3> three_numbers(const char* parameter, const std::string& text) {
  std::istringstream stream(text);
  std::array<float, 3> numbers{};
  std::string rest;
  for (float& number : numbers) stream >> number;
  if (!stream || stream >> rest) {
    throw std::runtime_error(std::string("encoder.") + parameter + " must be three numbers separated by spaces, not '" +
                             text + "'");
  }
  return numbers;
}

}  // namespace encoders
