// TimeLeft: how long a stage still takes, judged by its pace in the second half of the time so far. An estimate from
// the whole time would hardly notice that the steps have become longer, or that other programs now use the processor.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>

namespace trefoil::base {

class TimeLeft {
 public:
  // `done` steps were finished `seconds` after the stage began. Called in the order of time, as often as convenient.
  void add(double seconds, std::int64_t done);

  // From the last call of `add` on; nothing while no pace can be told.
  std::optional<double> seconds(std::int64_t done, std::int64_t total) const;

 private:
  struct Sample {
    double seconds;
    std::int64_t done;
  };

  double now_ = 0;
  std::deque<Sample> samples_;  // the second half of the time so far, and the last sample before it
};

}  // namespace trefoil::base
