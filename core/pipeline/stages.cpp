#include "pipeline/stages.h"

#include <cmath>

#include "plugins/instance.h"
#include "trefoil/head.h"
#include "trefoil/relation.h"
#include "trefoil/selector.h"

namespace trefoil::pipeline {

namespace {

// The run, as one plugin sees it.
class PluginHost final : public Host {
 public:
  PluginHost(const config::PluginChoice& choice, std::uint64_t seed, Observer& observer, Figures& figures)
      : name_(std::string(plugins::kind_name(choice.plugin->descriptor->kind)) + "/" + choice.plugin->descriptor->name),
        seed_(seed),
        observer_(observer),
        figures_(figures) {}

  std::uint64_t seed() const override { return seed_; }
  void log(LogLevel level, const std::string& line) override { observer_.log(level, name_ + ": " + line); }
  void progress(std::int64_t done, std::int64_t total) override { observer_.progress(name_, done, total); }
  void figure(const std::string& name, double value) override {
    if (!std::isfinite(value)) throw std::invalid_argument("the figure '" + name + "' is not a finite number");
    figures_[name_ + "." + name] = value;
  }

 private:
  std::string name_;
  std::uint64_t seed_;
  Observer& observer_;
  Figures& figures_;
};

}  // namespace

Channels Stages::select() const {
  const config::PluginChoice& choice = experiment_.selector;
  PluginHost host(choice, experiment_.seed, observer_, figures_);
  const plugins::Instance<Selector> selector(*choice.plugin, choice.parameters, host, choice.named_at);
  const torch::Tensor score = selector.call("score", [&](const Selector& object) { return object.score(support_); });
  plugins::check_score(score, support_.width(), selector.described());
  const std::int64_t q = experiment_.q.value_or(support_.width());
  if (q > support_.width()) {
    config::Diagnostics diagnostics;
    diagnostics.error(experiment_.q_origin,
                      "'selector.q' is " + std::to_string(q) +
                          ", but the features have only D = " + std::to_string(support_.width()) + " channels",
                      "choose q from 1 to " + std::to_string(support_.width()));
    diagnostics.throw_if_any();
  }
  return keep_best(score, q);
}

Classifier Stages::relate(const Channels& channels) const {
  const config::PluginChoice& choice = experiment_.relation;
  PluginHost host(choice, experiment_.seed, observer_, figures_);
  const plugins::Instance<Relation> relation(*choice.plugin, choice.parameters, host, choice.named_at);
  const Classifier classifier =
      relation.call("relate", [&](const Relation& object) { return object.relate(support_, channels); });
  plugins::check_classifier(classifier, support_, relation.described());
  return classifier;
}

Model Stages::train(const Channels& channels, const Classifier& start) const {
  const config::PluginChoice& choice = experiment_.head;
  PluginHost host(choice, experiment_.seed, observer_, figures_);
  const plugins::Instance<Head> head(*choice.plugin, choice.parameters, host, choice.named_at);
  Classifier trained = head.call("train", [&](const Head& object) { return object.train(start, support_, channels); });
  plugins::check_classifier(trained, support_, head.described());
  const bool untouched = std::string_view(choice.plugin->descriptor->name) == "none";
  const std::string maker =
      untouched ? plugins::description(*experiment_.relation.plugin, experiment_.relation.named_at) : head.described();
  return {channels, std::move(trained), maker};
}

}  // namespace trefoil::pipeline
