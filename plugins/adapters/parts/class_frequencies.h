// Class frequencies from a text file.
#pragma once

#include <trefoil/tensor.h>

#include <cstdint>
#include <string>

namespace adapting {

// Reads one number for each class, in the order of the classes, one in a line: the number of images that are expected,
// or their fraction. Returns the fractions [C] float64, whose sum is 1. Throws std::runtime_error, which names the
// line, unless there are `classes` finite numbers above 0.
torch::Tensor read_frequencies(const std::string& file, std::int64_t classes);

}  // namespace adapting
