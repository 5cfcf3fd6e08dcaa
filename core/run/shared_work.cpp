#include "run/shared_work.h"

namespace trefoil::run {

namespace {

std::string key_of(const config::Experiment& experiment, const std::vector<std::string>& sections) {
  return "seed = " + std::to_string(experiment.seed) + "\n" +
         config::text_without_cache_hyperparameters(experiment, sections);
}

}  // namespace

std::string task_key(const config::Experiment& experiment) {
  return key_of(experiment, {"data", "encoder", "prompts"});
}

std::string channels_key(const config::Experiment& experiment) {
  return key_of(experiment, {"data", "encoder", "prompts", "selector"});
}

}  // namespace trefoil::run
