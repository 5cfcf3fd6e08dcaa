// What is left out is left out: trials against plainly removing images.
#include "search/trials.h"

#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros_like.h>

#include <cmath>

#include "config/resolve.h"
#include "data/layout.h"
#include "data/support_set.h"
#include "formats/npy_writer.h"
#include "search/kernel.h"
#include "search/leave_out.h"
#include "support/catch.h"
#include "support/files.h"
#include "support/plugins.h"
#include "support/problem.h"
#include "trefoil/channels.h"

using namespace tests;
using namespace trefoil::search;
using trefoil::Classifier;
using trefoil::Support;

namespace {

class Deaf final : public trefoil::runtime::Observer {
 public:
  void log(trefoil::LogLevel /*level*/, const std::string& /*line*/) override {}
  void progress(const std::string& /*stage*/, std::int64_t /*done*/, std::int64_t /*total*/) override {}
};

// An experiment on the small problem, loaded, and the trials of it.
struct Case {
  explicit Case(std::vector<std::string> settings, Part part, const torch::Tensor& text = {}) {
    const TemporaryFolder folder;
    const auto file = write_small_experiment(folder.path());
    if (text.defined()) trefoil::formats::write_npy(folder / "text.npy", text);
    settings.emplace_back("search.objective=loo");
    experiment = trefoil::config::resolve(trefoil::config::load_experiment_file(file, settings), registry());
    task = trefoil::data::find_layout("features")->load(experiment.data.parameters);
    set = make_trials(experiment, task, part, {1, observer, figures, sums, 2}, [](std::size_t, std::size_t) {});
  }

  trefoil::config::Experiment experiment;
  trefoil::data::Task task;
  Deaf observer;
  trefoil::runtime::ReportedMetrics figures;
  trefoil::base::FileSums sums;
  TrialSet set;
};

}  // namespace

TEST_CASE("a masked image is judged as by a classifier that never had it", "[search]") {
  const Case tip({"relation.plugin=tip", "search.balance=false"}, Part::relation);
  REQUIRE(tip.set.trials.size() == 1);
  const trefoil::data::QueryBlock queries = tip.set.trials[0].queries->read(0, 20);
  const std::vector<float> losses = Kernel(tip.set.trials[0], 1).losses(3, 5, 0, Metric::nll);
  REQUIRE(losses.size() == 20);
  for (std::int64_t i = 0; i < 20; ++i) {
    // Queries come fold by fold; the image is found again by its features.
    const torch::Tensor same = (tip.task.support.images == queries.features[i]).all(1).nonzero();
    REQUIRE(same.numel() == 1);
    const Support rest = without(tip.task.support, {same.item<std::int64_t>()});
    const Classifier plain =
        relate("tip", rest, trefoil::keep_best(score("variance", rest), 32), {{"alpha", 3.0}, {"beta", 5.0}});
    const torch::Tensor log_probability = plain.logits(queries.features.slice(0, i, i + 1)).log_softmax(1);
    const double expected = -log_probability[0][queries.labels[i].item<std::int64_t>()].item<double>();
    REQUIRE(losses[static_cast<std::size_t>(i)] == Approx(expected).margin(1e-4));
  }
}

TEST_CASE("channels are selected, and heads trained, without the fold", "[search]") {
  const std::vector<std::string> settings = {"selector.plugin=mixed", "selector.q=12", "relation.plugin=ape"};
  const Case relation(settings, Part::relation);
  std::vector<std::string> with_head = settings;
  with_head.emplace_back("head.plugin=text_residual");
  const Case head(with_head, Part::head);
  const auto parts = folds(relation.task.support);
  REQUIRE(relation.set.trials.size() == parts.size());
  REQUIRE(head.set.trials.size() == parts.size());
  for (std::size_t fold = 0; fold < parts.size(); ++fold) {
    const Support rest = without(relation.task.support, parts[fold]);
    const torch::Tensor channels = trefoil::keep_best(score("mixed", rest), 12).index;
    REQUIRE(relation.set.trials[fold].classifier.channels.equal(channels));
    REQUIRE(relation.set.trials[fold].own_key.equal(torch::tensor(parts[fold], torch::kLong)));
    const Classifier& trained = head.set.trials[fold].classifier;
    REQUIRE(trained.channels.equal(channels));
    REQUIRE(trained.key_count() == rest.image_count());
    REQUIRE((trained.weight - 4.0 / 3).abs().max().item<double>() < 1e-6);  // three of four keys are left
    REQUIRE(head.set.trials[fold].queries->count() == static_cast<std::int64_t>(parts[fold].size()));
  }
}

TEST_CASE("evidence is restored by the share that was lost, also before APE-T's code trains", "[search]") {
  const auto first_keys = [](const char* balance) {
    const Case head({"relation.plugin=tip", "head.plugin=residual", "head.variant=code", "head.epochs=1", "head.lr=0",
                     std::string("search.balance=") + balance},
                    Part::head);
    return head.set.trials[0].classifier.weight[0].item<double>();
  };
  REQUIRE(first_keys("true") == Approx(4.0 / 3));
  REQUIRE(first_keys("false") == Approx(1.0));
}

TEST_CASE("a text that was estimated from images is estimated without those left out", "[search]") {
  const torch::Tensor no_text = torch::zeros_like(small_problem().support.text);
  const Case tip({"relation.plugin=tip", "data.missing_text=class_mean"}, Part::relation, no_text);
  const auto parts = folds(tip.task.support);
  REQUIRE(tip.set.trials.size() == parts.size());
  Support rest = without(tip.task.support, parts[1]);
  rest.text = no_text.to(torch::kFloat);
  trefoil::data::fill_missing_text(rest, tip.task.class_names);
  REQUIRE(tip.set.trials[1].classifier.text.equal(rest.text));
  REQUIRE_FALSE(rest.text.equal(tip.task.support.text));
}

TEST_CASE("weights that overflow are refused, not taken for right", "[search]") {
  const Case ape({"selector.plugin=mixed", "selector.q=12"}, Part::relation);
  const Kernel kernel(ape.set.trials[0], 1);
  REQUIRE_THROWS_WITH(kernel.losses(1, 1, 1000, Metric::accuracy), ContainsSubstring("is too large to search"));
}
