// SearchProgress: how far a search is, from what its trainings and evaluations report.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "runtime/observer.h"

namespace trefoil::search {

// The observer of the plugins that a search makes again and again. It turns the progress of each training into progress
// of the whole search, which is also where the user can interrupt. It drops the log lines of the plugins.
class SearchProgress final : public runtime::Observer {
 public:
  explicit SearchProgress(runtime::Observer& inner) : inner_(inner) {}

  // `work` has the relative time of each setting of the stage, in any unit.
  void begin_stage(const std::string& stage, std::vector<double> work);
  void begin_setting();
  // Begins training `number` (from 0) of `count`. Each training of a setting, and the evaluation after them, has the
  // same share of the setting's work.
  void begin_training(std::size_t number, std::size_t count);

  // Reports how far the evaluation of the setting is.
  void evaluated(std::int64_t done, std::int64_t total);

  void log(LogLevel /*level*/, const std::string& /*line*/) override {}
  // Called by a plugin, to report how far its training is.
  void progress(const std::string& plugin, std::int64_t done, std::int64_t total) override;

 private:
  void show(double fraction_of_setting);

  runtime::Observer& inner_;
  std::string stage_;
  std::vector<double> work_;
  double total_work_ = 0;
  double finished_work_ = 0;
  std::size_t begun_settings_ = 0;
  std::size_t training_ = 0;   // number of the current training, within the setting
  std::size_t trainings_ = 0;  // of the setting
  std::int64_t shown_ = 0;     // in thousandths; never decreases within a stage
};

}  // namespace trefoil::search
