#include "report/scale.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace trefoil::report {

namespace {

// How many times the largest step is the smallest.
template <typename Step>
double unevenness(const std::vector<double>& values, Step step) {
  double smallest = step(values[0], values[1]);
  double largest = smallest;
  for (std::size_t i = 1; i + 1 < values.size(); ++i) {
    smallest = std::min(smallest, step(values[i], values[i + 1]));
    largest = std::max(largest, step(values[i], values[i + 1]));
  }
  return largest / smallest;
}

}  // namespace

Scale::Scale(double low, double high, double from, double to, bool logarithmic)
    : low_(low), high_(high), from_(from), to_(to), logarithmic_(logarithmic) {}

double Scale::place(double value) const {
  if (!(high_ > low_)) return (from_ + to_) / 2;
  const double share = logarithmic_ ? std::log(value / low_) / std::log(high_ / low_) : (value - low_) / (high_ - low_);
  return from_ + share * (to_ - from_);
}

bool log_spaced(const std::vector<double>& values) {
  if (values.size() < 3 || values.front() <= 0) return false;
  const double by_factors = unevenness(values, [](double a, double b) { return std::log(b / a); });
  const double by_differences = unevenness(values, [](double a, double b) { return b - a; });
  return by_factors < by_differences;
}

std::vector<double> round_ticks(double low, double high) {
  constexpr double kMostTicks = 6;
  const double range = std::max(high - low, 1e-3 * std::max(1.0, std::abs(high)));
  const double rough = range / kMostTicks;
  const double power = std::pow(10, std::floor(std::log10(rough)));
  double step = 10 * power;
  for (const double factor : {5.0, 2.0, 1.0}) {
    if (factor * power >= rough) step = factor * power;
  }
  // By counting, so that no rounding error builds up.
  const double first = std::floor(low / step + 1e-9);
  const double last = std::max(std::ceil(high / step - 1e-9), first + 1);
  std::vector<double> ticks;
  for (double i = first; i <= last; ++i) ticks.push_back(i * step);
  return ticks;
}

std::vector<std::string> tick_texts(const std::vector<double>& ticks) {
  const double step = ticks.size() > 1 ? ticks[1] - ticks[0] : 1;
  const int decimals = std::max(0, static_cast<int>(std::ceil(-std::log10(step) - 1e-9)));
  std::vector<std::string> texts(ticks.size());
  std::transform(ticks.begin(), ticks.end(), texts.begin(),
                 [&](double tick) { return fmt::format("{}{:.{}f}", tick < 0 ? "−" : "", std::abs(tick), decimals); });
  return texts;
}

}  // namespace trefoil::report
