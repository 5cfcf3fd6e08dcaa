// SharedWork: what runs of one process have in common. The last result of each stage is kept, for the next run that
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
#include "pipeline/plugin_host.h"
#include "trefoil/channels.h"

namespace trefoil::run {

// One result, and what it was made from.
template <typename Result>
class Kept {
 public:
  // The kept result if it was made from the same `key`, else what `make` returns, which is kept from now on.
  template <typename Make>
  const Result& get(const std::string& key, Make make) {
    if (!result_ || key != key_) {
      result_.reset();  // two would not fit into memory together
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

struct Selected {
  Channels channels;
  pipeline::Figures figures;  // that the selector reported
};

struct SharedWork {
  base::FileSums sums;
  Kept<LoadedTask> task;
  Kept<Selected> channels;
};

// What decides the task, and the channels: the settings of their sections as text, and the seed.
std::string task_key(const config::Experiment& experiment);
std::string channels_key(const config::Experiment& experiment);

}  // namespace trefoil::run
