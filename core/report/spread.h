// Spread: repeated measurements as mean ± standard deviation.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace trefoil::report {

struct Spread {
  double mean = 0;
  double deviation = 0;  // with n−1; 0 of a single value
  std::size_t count = 0;
  bool equal = false;  // there are several values, and all are equal
};

Spread spread_of(const std::vector<double>& values);

// "91.93 ± 0.12", or "91.93" of a single value, or of equal values, whose deviation tells nothing.
std::string spread_text(const Spread& spread, int decimals = 2);

}  // namespace trefoil::report
