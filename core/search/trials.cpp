#include "search/trials.h"

#include <ATen/ops/ones.h>
#include <ATen/ops/tensor.h>

#include "base/errors.h"
#include "data/support_set.h"
#include "search/leave_out.h"

namespace trefoil::search {

namespace {

using Rows = std::vector<std::int64_t>;

torch::Tensor as_tensor(const Rows& rows) { return at::tensor(rows, torch::kLong); }

// Whether leaving out image m comes to masking key m: nothing else has been made of the images.
bool can_be_masked(const Classifier& classifier, const Support& support) {
  if (classifier.custom_logits || classifier.bias.defined() || classifier.weight.defined()) return false;
  if (!classifier.text.equal(support.text)) return false;
  return classifier.key_count() == 0 ||
         (classifier.key_count() == support.image_count() && classifier.labels.equal(support.labels));
}

// For each key, how many its class has in `whole`, over how many it has itself.
torch::Tensor share_of_keys(const Classifier& whole, const Classifier& part) {
  const torch::Tensor before = class_counts(whole.labels, whole.class_count()).to(torch::kFloat);
  const torch::Tensor after = class_counts(part.labels, part.class_count()).to(torch::kFloat);
  return (before / after).index_select(0, part.labels);
}

std::shared_ptr<const data::Queries> images_as_queries(const Support& support, const torch::Tensor& rows) {
  const std::shared_ptr<const formats::Array> images = formats::array_of(support.images.index_select(0, rows));
  const std::shared_ptr<const formats::Array> labels = formats::array_of(support.labels.index_select(0, rows));
  return std::make_shared<data::Queries>(images, "the support images", labels, "their labels", support.width(),
                                         support.class_count());
}

class Maker {
 public:
  Maker(const config::Experiment& experiment, const data::Task& task, Part part, const runtime::RunContext& run,
        const AtTraining& at_training)
      : experiment_(experiment),
        parameters_(experiment.search->parameters),
        task_(task),
        part_(part),
        run_(run),
        at_training_(at_training) {}

  TrialSet make() {
    const std::string& objective = parameters_.text("objective");
    if (objective == "val") {
      judge_by(task_.validation, "\"val\" needs a validation split with labels: set data.val and data.val_labels");
    } else if (objective == "test") {
      judge_by(task_.query, "\"test\" needs the labels of the queries");
    } else {
      leave_one_out();
    }
    return std::move(set_);
  }

 private:
  const pipeline::Stages& add_training(Support support) {
    Training& training = set_.trainings.emplace_back();
    training.support = std::move(support);
    return training.stages.emplace(experiment_, training.support, run_);
  }

  // Texts that were estimated from images are estimated anew.
  Support reduced_support(const Rows& rows) const {
    Support reduced = without(task_.support, rows);
    if (task_.given_text.defined()) {
      reduced.text = task_.given_text;
      data::fill_missing_text(reduced, task_.class_names, task_.estimated);
    }
    return reduced;
  }

  std::string maker(const pipeline::Stages& stages) const {
    return part_ == Part::head ? stages.plugin_label() : stages.relation_label();
  }

  void judge_by(const std::shared_ptr<const data::Queries>& queries, const char* need) {
    if (queries == nullptr || !queries->labelled() || queries->count() == 0)
      throw DataError(std::string("search.objective = ") + need);
    const pipeline::Stages& stages = add_training(task_.support);
    const Channels channels = stages.select();
    Classifier classifier = stages.relate(channels);
    if (part_ == Part::head) {
      at_training_(0, 1);
      classifier = stages.train(channels, classifier);
    }
    set_.trials.push_back({std::move(classifier), maker(stages), queries, {}, {}, {}});
  }

  void leave_one_out() {
    const std::vector<Rows> parts = folds(task_.support, task_.estimated);
    const pipeline::Stages& whole = add_training(task_.support);
    const Channels channels = whole.select();
    const Classifier start = whole.relate(channels);
    const torch::Tensor base = part_ == Part::head ? whole.leave_one_out(channels, start) : torch::Tensor();
    const bool masked = can_be_masked(start, task_.support) && !task_.given_text.defined() &&
                        (part_ == Part::relation || base.defined());
    if (!masked) {
      for (std::size_t i = 0; i < parts.size(); ++i) {
        at_training_(i, parts.size());
        add_trained_without(parts[i], channels, start);
      }
    } else if (selects_anew()) {
      for (const Rows& rows : parts) {
        const pipeline::Stages& reduced = add_training(reduced_support(rows));
        add_masked(rows, whole.relate(reduced.select()), maker(whole), base);
      }
    } else {
      Rows rows;
      for (const Rows& part : parts) rows.insert(rows.end(), part.begin(), part.end());
      if (!rows.empty()) add_masked(rows, start, maker(whole), base);
    }
  }

  bool selects_anew() const {
    return experiment_.plugin(PluginKind::selector) != nullptr && parameters_.boolean("loo_selection");
  }

  void add_masked(const Rows& rows, Classifier classifier, std::string plugin_label, const torch::Tensor& base) {
    const torch::Tensor index = as_tensor(rows);
    Trial trial{std::move(classifier), std::move(plugin_label), images_as_queries(task_.support, index), {}, {}, {}};
    if (base.defined()) trial.base = base.index_select(0, index).to(torch::kFloat);
    if (trial.classifier.key_count() > 0) {
      trial.own_key = index;
      trial.own_gain = gain(task_.support.labels.index_select(0, index));
    }
    set_.trials.push_back(std::move(trial));
  }

  // n / (n − 1) for each label, or 1 when evidence is not restored.
  torch::Tensor gain(const torch::Tensor& labels) const {
    if (!parameters_.boolean("balance")) return torch::ones({labels.size(0)});
    const torch::Tensor counts =
        class_counts(task_.support.labels, task_.support.class_count()).to(torch::kFloat).index_select(0, labels);
    return counts / (counts - 1);
  }

  void add_trained_without(const Rows& rows, const Channels& channels_of_all, const Classifier& whole) {
    const pipeline::Stages& stages = add_training(reduced_support(rows));
    const Channels channels = selects_anew() ? stages.select() : channels_of_all;
    Classifier classifier = stages.relate(channels);
    if (parameters_.boolean("balance") && classifier.key_count() > 0 && !classifier.custom_logits) {
      const torch::Tensor weight =
          classifier.weight.defined() ? classifier.weight : torch::ones({classifier.key_count()});
      classifier.weight = weight * share_of_keys(whole, classifier);
    }
    if (part_ == Part::head) classifier = stages.train(channels, classifier);
    set_.trials.push_back(
        {std::move(classifier), maker(stages), images_as_queries(task_.support, as_tensor(rows)), {}, {}, {}});
  }

  const config::Experiment& experiment_;
  const Parameters& parameters_;
  const data::Task& task_;
  Part part_;
  const runtime::RunContext& run_;
  const AtTraining& at_training_;
  TrialSet set_;
};

}  // namespace

TrialSet make_trials(const config::Experiment& experiment, const data::Task& task, Part part,
                     const runtime::RunContext& run, const AtTraining& at_training) {
  return Maker(experiment, task, part, run, at_training).make();
}

}  // namespace trefoil::search
