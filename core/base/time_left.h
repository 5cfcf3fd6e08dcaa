// TimeLeft: estimates how long a stage still takes, from its pace in the second half of the time so far. An estimate
// from the whole time would react too slowly when steps become longer, or when other programs use the processor.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>

namespace trefoil::base {

class TimeLeft {
 public:
  // Records that `done` steps were finished `seconds` after the stage began. Calls must be in the order of time.
  void add(double seconds, std::int64_t done);

  // Returns the seconds from the last call of `add` until `total` steps are finished. Returns nothing before the first
  // step is finished.
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
