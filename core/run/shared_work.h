// SharedWork: what runs of one process have in common. The last result of each stage is kept, for the next run that
// would compute the same.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "base/sha256.h"
#include "config/experiment.h"
#include "data/task.h"
#include "features/feature_encoder.h"
#include "pipeline/plugin_host.h"
#include "trefoil/channels.h"
#include "trefoil/classifier.h"

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

// What a plugin returned, the figures that it reported meanwhile, and whether it logged nothing.
template <typename Result>
struct Reported {
  Result result;
  pipeline::Figures figures;
  bool silent = true;
};

// The classifier that a relation makes, for runs that differ in α, β and γ only. These are fields of the classifier and
// should change nothing else of it (trefoil/relation.h). That is believed of those of them that were seen to change
// alone, or together, without a change of anything else: then the classifier is made from the first one.
class SharedRelation {
 public:
  using Made = Reported<Classifier>;

  // `key` tells all but the strengths, which are in `parameters` where the relation has them.
  Made get(const std::string& key, const Parameters& parameters, const std::function<Made()>& relate);

 private:
  std::string key_;
  Made first_;
  std::set<std::string> proven_;  // names of strengths
  bool may_share_ = true;
};

struct SharedWork {
  base::FileSums sums;
  Kept<LoadedTask> task;
  Kept<Reported<Channels>> channels;
  SharedRelation relation;
};

// What decides the task, the channels, and, but for α, β and γ, the relation's classifier: the settings of their
// sections as text, and the seed.
std::string task_key(const config::Experiment& experiment);
std::string channels_key(const config::Experiment& experiment);
std::string relation_key(const config::Experiment& experiment);

}  // namespace trefoil::run
