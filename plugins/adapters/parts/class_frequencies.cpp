#include "class_frequencies.h"

#include <ATen/ops/tensor.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <vector>

namespace adapting {

namespace {

constexpr std::size_t kMostDigits = 64;  // in a line

// Returns the number of a line, or 0 when it is not a finite number above 0.
double number_in(const std::string& line) {
  if (line.size() > kMostDigits) return 0;
  char* end = nullptr;
  const double number = std::strtod(line.c_str(), &end);
  const bool is_whole_line = !line.empty() && line.find_first_not_of(" \t\r", end - line.c_str()) == std::string::npos;
  return is_whole_line && std::isfinite(number) && number > 0 ? number : 0;
}

}  // namespace

torch::Tensor read_frequencies(const std::string& file, std::int64_t classes) {
  std::ifstream stream(file);
  if (!std::filesystem::is_regular_file(file) || !stream)  // a device may have no end
    throw std::runtime_error(file + ": the file with the class frequencies cannot be opened");
  std::vector<double> numbers;
  for (std::string line; std::getline(stream, line);) {
    const std::string place = file + ":" + std::to_string(numbers.size() + 1) + ": ";
    if (static_cast<std::int64_t>(numbers.size()) == classes) {
      throw std::runtime_error(place + "there are only " + std::to_string(classes) +
                               " classes: give one number in a line, in the order of the classes");
    }
    numbers.push_back(number_in(line));
    if (numbers.back() > 0) continue;
    throw std::runtime_error(place +
                             "the line must be one number above 0, the frequency of a class; give a rare class "
                             "a small number");
  }
  if (static_cast<std::int64_t>(numbers.size()) != classes) {
    throw std::runtime_error(file + ": it has " + std::to_string(numbers.size()) + " lines, but there are " +
                             std::to_string(classes) + " classes: give one number in a line for each class");
  }
  const torch::Tensor frequencies = at::tensor(numbers, torch::kDouble);
  return frequencies / frequencies.sum();
}

}  // namespace adapting
