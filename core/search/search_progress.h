// SearchProgress: how far a search is, from what the plugins' trainings and the evaluations report.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "runtime/observer.h"

namespace trefoil::search {

// The observer of the plugins that a search makes over and over: their progress is a part of the search's, and is where
// the user can interrupt; their log lines are dropped.
class SearchProgress final : public runtime::Observer {
 public:
  explicit SearchProgress(runtime::Observer& inner) : inner_(inner) {}

  // `work` of each setting that is to come, in any unit: how long the settings take in proportion to each other.
  void begin_stage(const std::string& stage, std::vector<double> work);
  void begin_setting();
  // `number` counts from 0. The trainings of a setting, and its evaluation behind them, have equal shares of it.
  void begin_training(std::size_t number, std::size_t count);

  // The setting's losses are computed.
  void evaluated(std::int64_t done, std::int64_t total);

  void log(LogLevel /*level*/, const std::string& /*line*/) override {}
  // A plugin reports how far the training is.
  void progress(const std::string& plugin, std::int64_t done, std::int64_t total) override;

 private:
  void show(double share_of_setting);

  runtime::Observer& inner_;
  std::string stage_;
  std::vector<double> work_;
  double total_work_ = 0;
  double work_before_ = 0;    // of the settings that are done
  std::size_t settings_ = 0;  // that have begun
  std::size_t training_ = 0;  // of this setting
  std::size_t trainings_ = 0;
  std::int64_t shown_ = 0;  // progress never goes back
};

}  // namespace trefoil::search
