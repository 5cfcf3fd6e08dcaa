#include "report/spread.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace trefoil::report {

Spread spread_of(const std::vector<double>& values) {
  Spread spread;
  spread.count = values.size();
  if (values.empty()) return spread;
  const auto count = static_cast<double>(values.size());
  for (const double value : values) spread.mean += value / count;
  if (values.size() < 2) return spread;
  spread.equal = std::all_of(values.begin(), values.end(), [&](double value) { return value == values.front(); });
  if (spread.equal) {
    spread.mean = values.front();
    return spread;
  }
  double squares = 0;
  for (const double value : values) squares += (value - spread.mean) * (value - spread.mean);
  spread.deviation = std::sqrt(squares / (count - 1));
  return spread;
}

std::string spread_text(const Spread& spread, int decimals) {
  if (spread.count < 2 || spread.equal) return fmt::format("{:.{}f}", spread.mean, decimals);
  return fmt::format("{:.{}f} ± {:.{}f}", spread.mean, decimals, spread.deviation, decimals);
}

}  // namespace trefoil::report
