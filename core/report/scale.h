// Scale: from values to places in a picture, and the values to name there.
#pragma once

#include <string>
#include <vector>

namespace trefoil::report {

class Scale {
 public:
  // `low` and `high` go to the places `from` and `to`. With `logarithmic`, both must be positive.
  Scale(double low, double high, double from, double to, bool logarithmic = false);

  double place(double value) const;
  double low() const { return low_; }
  double high() const { return high_; }

 private:
  double low_;
  double high_;
  double from_;
  double to_;
  bool logarithmic_;
};

// Whether rising values are spaced by factors rather than by differences: 1 2 4 8, but not 1 2 3 4, nor 0 1 10.
bool log_spaced(const std::vector<double>& values);

// Four to ten round numbers from at most `low` to at least `high`.
std::vector<double> round_ticks(double low, double high);

// With as many decimals as the ticks need to be told apart.
std::vector<std::string> tick_texts(const std::vector<double>& ticks);

}  // namespace trefoil::report
