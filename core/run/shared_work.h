// SharedWork: results that several runs of one process share. The last result of a stage is kept for the next run that
// would compute the same.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "base/sha256.h"
#include "config/experiment.h"
#include "data/task.h"
#include "features/feature_encoder.h"
#include "runtime/plugin_host.h"
#include "trefoil/channels.h"

namespace trefoil::run {

// A cache of one entry.
template <typename Result>
class LastResult {
 public:
  // The cached result when its key equals `key`. Otherwise calls `make` and caches what it returns.
  template <typename Make>
  const Result& get(const std::string& key, Make make) {
    if (!result_ || key != key_) {
      result_.reset();  // two tasks may not fit into memory together
      result_.emplace(make());
      key_ = key;
    }
    return *result_;
  }

 private:
  std::string key_;
  std::optional<Result> result_;
};

struct LoadedTask {
  std::shared_ptr<features::FeatureEncoder> encoder;  // outlives the task, whose queries read from its store
  data::Task task;
};

// The result of a call to a plugin, and the metrics that the plugin reported during the call.
template <typename Result>
struct Reported {
  Result result;
  runtime::ReportedMetrics metrics;
};

struct SharedWork {
  base::FileSums sums;
  LastResult<LoadedTask> task;
  LastResult<Reported<Channels>> channels;
};

// Texts that are equal exactly when the runs have the same task, or the same channels.
std::string task_key(const config::Experiment& experiment);
std::string channels_key(const config::Experiment& experiment);

}  // namespace trefoil::run
