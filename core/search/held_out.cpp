#include "search/held_out.h"

#include <ATen/ops/ones.h>
#include <ATen/ops/tensor.h>

#include <algorithm>

#include "base/errors.h"
#include "data/support_set.h"
#include "search/folds.h"

namespace trefoil::search {

namespace {

torch::Tensor as_tensor(const Rows& rows) { return at::tensor(rows, torch::kLong); }

// Whether leaving out image m is the same as masking key m: nothing else in the classifier was computed from images.
bool can_be_masked(const Classifier& classifier, const Support& support) {
  if (classifier.custom_logits || classifier.bias.defined() || classifier.weight.defined() ||
      classifier.values.defined()) {
    return false;
  }
  if (!classifier.text.equal(support.text)) return false;
  return classifier.key_count() == 0 ||
         (classifier.key_count() == support.image_count() && classifier.labels.equal(support.labels));
}

// For each key of `part`: the number of keys that its class has in `whole`, divided by the number that it has in
// `part`.
torch::Tensor key_ratio(const Classifier& whole, const Classifier& part) {
  const torch::Tensor before = class_counts(whole.labels, whole.class_count()).to(torch::kFloat);
  const torch::Tensor after = class_counts(part.labels, part.class_count()).to(torch::kFloat);
  return (before / after).index_select(0, part.labels);
}

// The classifier with its texts only, for sets whose base logits are complete.
Classifier without_cache(Classifier classifier) {
  classifier.keys = classifier.labels = classifier.values = classifier.weight = classifier.divergence = torch::Tensor();
  classifier.custom_logits = nullptr;
  return classifier;
}

Rows all_rows(const std::vector<Rows>& folds) {
  Rows rows;
  for (const Rows& fold : folds) rows.insert(rows.end(), fold.begin(), fold.end());
  return rows;
}

std::shared_ptr<const data::Queries> images_as_queries(const Support& support, const torch::Tensor& rows) {
  const std::shared_ptr<const formats::Array> images = formats::array_of(support.images.index_select(0, rows));
  const std::shared_ptr<const formats::Array> labels = formats::array_of(support.labels.index_select(0, rows));
  return std::make_shared<data::Queries>(images, "the support images", labels, "their labels", support.width(),
                                         support.class_count());
}

class HeldOutBuilder {
 public:
  HeldOutBuilder(const config::Experiment& experiment, const data::Task& task, SearchPhase phase,
                 const pipeline::AfterHeads& after, const runtime::RunContext& run, const OnTraining& on_training)
      : experiment_(experiment),
        parameters_(experiment.search->parameters),
        task_(task),
        phase_(phase),
        after_(after),
        run_(run),
        on_training_(on_training) {}

  HeldOutSets build() {
    const std::string& objective = parameters_.text("objective");
    if (objective == "val") {
      add_split(task_.validation,
                "\"val\" needs a validation split with labels: set data.val and data.val_labels; in layout \"coop\", "
                "data.val_shots");
    } else if (objective == "test") {
      add_split(task_.query, "\"test\" needs the labels of the queries");
    } else {
      leave_one_out();
    }
    return std::move(result_);
  }

 private:
  const pipeline::Stages& add_training(Support support) {
    Training& training = result_.trainings.emplace_back();
    training.support = std::move(support);
    return training.stages.emplace(experiment_, training.support, run_);
  }

  // The support without these rows. Texts that were estimated from images are estimated again.
  Support reduced_support(const Rows& rows) const {
    Support reduced = without(task_.support, rows);
    if (task_.given_text.defined()) {
      reduced.text = task_.given_text;
      data::fill_missing_text(reduced, task_.class_names, task_.estimated);
    }
    return reduced;
  }

  // The plugin that made the classifier of this phase.
  const std::string& label_of(const pipeline::Stages& stages) const { return stages.plugin_label(phase_.heads); }

  // Adds one set of all queries of a split.
  void add_split(const std::shared_ptr<const data::Queries>& queries, const char* requirement) {
    if (queries == nullptr || !queries->labelled() || queries->count() == 0)
      throw DataError(std::string("search.objective = ") + requirement);
    const pipeline::Stages& stages = add_training(task_.support);
    const Channels channels = stages.select();
    Classifier classifier = stages.relate(channels);
    if (!phase_.is_relation()) {
      on_training_(0, 1);
      classifier = stages.train(channels, classifier, phase_.heads, after_);
    }
    result_.sets.push_back({std::move(classifier), label_of(stages), queries, {}, {}, {}});
  }

  void leave_one_out() {
    const std::vector<Rows> all_folds = folds(task_.support, task_.estimated);
    const pipeline::Stages& whole = add_training(task_.support);
    const Channels channels = whole.select();
    const Classifier start = whole.relate(channels);
    const bool one_by_one = !task_.given_text.defined() && !have_equal_rows(all_folds, task_.support);
    const torch::Tensor complete_logits =
        one_by_one && asks_relation() ? whole.relation_leave_one_out(gain(task_.support.labels).to(torch::kDouble))
                                      : torch::Tensor();
    const torch::Tensor base_logits = phase_.heads == 1 ? whole.head_leave_one_out(channels, start) : torch::Tensor();
    const bool masked =
        one_by_one && can_be_masked(start, task_.support) && (phase_.is_relation() || base_logits.defined());
    if (complete_logits.defined()) {
      add_all_masked(all_folds, without_cache(start), label_of(whole), complete_logits);
    } else if (!masked) {
      for (std::size_t i = 0; i < all_folds.size(); ++i) {
        on_training_(i, all_folds.size());
        add_trained_without(all_folds[i], channels, start);
      }
    } else if (selects_for_each_fold()) {
      for (const Rows& rows : all_folds) {
        const pipeline::Stages& reduced = add_training(reduced_support(rows));
        add_masked(rows, whole.relate(reduced.select()), label_of(whole), base_logits);
      }
    } else {
      add_all_masked(all_folds, start, label_of(whole), base_logits);
    }
  }

  // Whether the relation may compute the leave-one-out logits itself. It computes them for one setting of α, β and γ.
  bool asks_relation() const {
    const auto& axes = experiment_.search->axes;
    return phase_.is_relation() && std::none_of(axes.begin(), axes.end(), [](const config::SearchAxis& axis) {
             return config::is_cache_hyperparameter(axis.key);
           });
  }

  bool selects_for_each_fold() const {
    return experiment_.plugin(PluginKind::selector) != nullptr && parameters_.boolean("loo_selection");
  }

  // Adds a set of all support images that are in a fold.
  void add_all_masked(const std::vector<Rows>& folds, Classifier classifier, std::string plugin_label,
                      const torch::Tensor& base_logits) {
    const Rows rows = all_rows(folds);
    if (!rows.empty()) add_masked(rows, std::move(classifier), std::move(plugin_label), base_logits);
  }

  // Adds a set of these support images. Each is masked among the keys of `classifier`, if it has any.
  void add_masked(const Rows& rows, Classifier classifier, std::string plugin_label, const torch::Tensor& base_logits) {
    const torch::Tensor index = as_tensor(rows);
    HeldOut set{std::move(classifier), std::move(plugin_label), images_as_queries(task_.support, index), {}, {}, {}};
    if (base_logits.defined()) set.base_logits = base_logits.index_select(0, index).to(torch::kFloat);
    if (set.classifier.key_count() > 0) {
      set.own_key = index;
      set.own_gain = gain(task_.support.labels.index_select(0, index));
    }
    result_.sets.push_back(std::move(set));
  }

  // For each label, n / (n − 1), where its class has n images; 1 without `balance`, or if n is 1.
  torch::Tensor gain(const torch::Tensor& labels) const {
    if (!parameters_.boolean("balance")) return torch::ones({labels.size(0)});
    const torch::Tensor counts =
        class_counts(task_.support.labels, task_.support.class_count()).to(torch::kFloat).index_select(0, labels);
    return counts / (counts - 1).clamp_min(1);
  }

  // Adds a set of these support images. Its classifier is made of the other images.
  void add_trained_without(const Rows& rows, const Channels& channels_of_all, const Classifier& whole) {
    const pipeline::Stages& stages = add_training(reduced_support(rows));
    const Channels channels = selects_for_each_fold() ? stages.select() : channels_of_all;
    Classifier classifier = stages.relate(channels);
    const bool has_weights = classifier.key_count() > 0 && !classifier.custom_logits && !classifier.values.defined();
    if (parameters_.boolean("balance") && has_weights) {
      const torch::Tensor weight =
          classifier.weight.defined() ? classifier.weight : torch::ones({classifier.key_count()});
      classifier.weight = weight * key_ratio(whole, classifier);
    }
    if (!phase_.is_relation()) classifier = stages.train(channels, classifier, phase_.heads, after_);
    result_.sets.push_back(
        {std::move(classifier), label_of(stages), images_as_queries(task_.support, as_tensor(rows)), {}, {}, {}});
  }

  const config::Experiment& experiment_;
  const Parameters& parameters_;
  const data::Task& task_;
  SearchPhase phase_;
  const pipeline::AfterHeads& after_;
  const runtime::RunContext& run_;
  const OnTraining& on_training_;
  HeldOutSets result_;
};

}  // namespace

HeldOutSets make_held_out(const config::Experiment& experiment, const data::Task& task, SearchPhase phase,
                          const pipeline::AfterHeads& after, const runtime::RunContext& run,
                          const OnTraining& on_training) {
  return HeldOutBuilder(experiment, task, phase, after, run, on_training).build();
}

}  // namespace trefoil::search
