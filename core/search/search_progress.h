// SearchProgress: how far a search is, from what its trainings and evaluations report.
#pragma once

#include <cstdint>
#include <string>

#include "runtime/observer.h"

namespace trefoil::search {

// The observer of the plugins that a search makes again and again. It turns the progress of each training into progress
// of the whole stage, which is also where the user can interrupt. It drops the log lines of the plugins.
class SearchProgress final : public runtime::Observer {
 public:
  explicit SearchProgress(runtime::Observer& inner) : inner_(inner) {}

  void begin_stage(const std::string& stage);
  // Adds to the work that the stage is expected to take, in any unit. A negative number: the stage takes less.
  void expect(double work) { expected_ += work; }
  // Begins the next part of the stage: a training or an evaluation that takes this work. The part before has ended.
  void begin_part(double work);

  void log(LogLevel /*level*/, const std::string& /*line*/) override {}
  // Reports how far the part is. Plugins call it during a training.
  void progress(const std::string& plugin, std::int64_t done, std::int64_t total) override;
  void evaluated(std::int64_t done, std::int64_t total) { progress("", done, total); }

 private:
  runtime::Observer& inner_;
  std::string stage_;
  double expected_ = 0;
  double finished_ = 0;
  double part_ = 0;         // work of the current part
  std::int64_t shown_ = 0;  // in thousandths; never decreases within a stage
};

}  // namespace trefoil::search
