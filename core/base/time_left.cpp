#include "base/time_left.h"

#include <algorithm>

namespace trefoil::base {

void TimeLeft::add(double seconds, std::int64_t done) {
  constexpr double kInterval = 0.25;  // seconds between samples, so that there are few of them
  now_ = seconds;
  if (samples_.empty() || seconds - samples_.back().seconds >= kInterval) samples_.push_back({seconds, done});
  while (samples_.size() > 1 && samples_[1].seconds <= now_ / 2) samples_.pop_front();
}

std::optional<double> TimeLeft::seconds(std::int64_t done, std::int64_t total) const {
  if (samples_.empty() || done <= 0) return std::nullopt;
  const Sample& from = samples_.front();
  const double steps = static_cast<double>(done - from.done);
  const double elapsed = now_ - from.seconds;
  // If no step was finished in the second half, use the pace of the whole time, as if a step had just been finished.
  const double pace = steps > 0 && elapsed > 0 ? elapsed / steps : now_ / static_cast<double>(done);
  return std::max(0.0, pace * static_cast<double>(total - done));
}

}  // namespace trefoil::base
