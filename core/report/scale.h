// Scale: maps values to positions in a chart, and chooses ticks.
#pragma once

#include <string>
#include <vector>

namespace trefoil::report {

class Scale {
 public:
  // Maps `low` to the position `from`, and `high` to `to`. With `logarithmic`, both must be positive.
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

// Whether ascending values are spaced by factors rather than by differences: true for 1 2 4 8, false for 1 2 3 4 and
// for 0 1 10.
bool log_spaced(const std::vector<double>& values);

// Four to ten round numbers from at most `low` to at least `high`.
std::vector<double> round_ticks(double low, double high);

// The ticks as texts, with as many decimals as are needed to tell them apart.
std::vector<std::string> tick_texts(const std::vector<double>& ticks);

}  // namespace trefoil::report
