// The built-in adapters against their formulas, written plainly.
#include "support/adapters.h"

#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/eye.h>
#include <ATen/ops/full.h>
#include <ATen/ops/linalg_eigh.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>
#include <ATen/ops/zeros_like.h>

#include "adapters/parts/class_frequencies.h"
#include "adapters/parts/label_propagation.h"
#include "adapters/parts/nearest_neighbours.h"
#include "support/catch.h"
#include "support/files.h"
#include "support/problem.h"
#include "support/whitening.h"

using namespace tests;
using trefoil::Classifier;
using trefoil::Support;

namespace {

const auto kNoProgress = [](std::int64_t, std::int64_t) {};

// The nearest k other rows of each row, nearest first; of equal cosines, the lower one first.
torch::Tensor plain_neighbours(const torch::Tensor& rows, std::int64_t k) {
  const torch::Tensor cosines = rows.mm(rows.t());
  cosines.fill_diagonal_(-9);
  return std::get<1>(cosines.sort(/*stable=*/true, /*dim=*/1, /*descending=*/true)).narrow(1, 0, k);
}

// Label propagation with dense matrices.
torch::Tensor plain_graph(const torch::Tensor& probabilities, const Support& support, const torch::Tensor& queries,
                          std::int64_t k, double mix) {
  const whitening::FeatureNoise noise = shrunken_noise(support);
  const torch::Tensor rows =
      trefoil::unit_rows((at::cat({queries, support.images}) - noise.centre).mm(noise.transform));
  const torch::Tensor cosines = rows.mm(rows.t());
  const torch::Tensor chosen = plain_neighbours(rows, k);
  torch::Tensor weights =
      torch::zeros_like(cosines).scatter(1, chosen, cosines.gather(1, chosen).clamp_min(1e-6).pow(5));
  weights = weights + weights.t();
  const torch::Tensor scale = weights.sum(1).rsqrt();
  const torch::Tensor spread = weights * scale.unsqueeze(1) * scale.unsqueeze(0);
  const torch::Tensor start =
      at::cat({probabilities, torch::eye(support.class_count(), torch::kDouble).index_select(0, support.labels)});
  torch::Tensor all = start;
  for (int step = 0; step < 30; ++step) all = spread.mm(all) * mix + start * (1 - mix);
  all = all.narrow(0, 0, queries.size(0));
  return all / all.sum(1, true);
}

// The shift of `balanced` for these frequencies.
torch::Tensor plain_shift(const torch::Tensor& logits, const torch::Tensor& frequencies) {
  torch::Tensor shift = torch::zeros({logits.size(1)}, torch::kDouble);
  for (int step = 0; step < 50; ++step) {
    shift = shift - ((logits + shift).softmax(1).mean(0) / frequencies).log();
  }
  return shift;
}

// The message of the exception that the adapter throws.
std::string complaint(const std::string& name, Overrides overrides) {
  const SmallProblem small = small_problem();
  try {
    adapted_logits(name, zero_shot(small.support), small.support, small.test, std::move(overrides));
  } catch (const std::exception& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("nearest neighbours are exact, in order, and of equal cosines the lower comes first", "[adapters]") {
  torch::Tensor rows = trefoil::unit_rows(normal_numbers({700, 6}, 5));
  rows[300] = rows[20];
  rows[301] = rows[20];
  for (const torch::ScalarType type : {torch::kDouble, torch::kFloat}) {
    const torch::Tensor typed = rows.to(type);
    for (const int threads : {1, 3}) {
      parallel::Workers workers(threads);
      const adapting::Neighbours found = adapting::nearest_neighbours(typed, 7, workers, kNoProgress);
      REQUIRE(found.index.to(torch::kLong).equal(plain_neighbours(typed, 7)));
      REQUIRE(found.cosines.scalar_type() == type);
    }
  }
  parallel::Workers workers(1);
  const torch::Tensor same = rows[0].expand({4, 6}).contiguous();
  REQUIRE(adapting::nearest_neighbours(same, 2, workers, kNoProgress)
              .index.equal(torch::tensor({1, 2, 0, 2, 0, 1, 0, 1}, torch::kInt).reshape({4, 2})));
}

TEST_CASE("the graph is symmetric, and its largest eigenvalue is 1", "[adapters]") {
  const torch::Tensor rows = trefoil::unit_rows(normal_numbers({50, 6}, 5));
  parallel::Workers workers(1);
  const adapting::Graph graph = adapting::graph_of(adapting::nearest_neighbours(rows, 4, workers, kNoProgress));
  torch::Tensor dense = torch::zeros({50, 50}, torch::kDouble);
  for (std::int64_t row = 0; row < 50; ++row) {
    for (std::int64_t i = graph.first[static_cast<std::size_t>(row)];
         i < graph.first[static_cast<std::size_t>(row) + 1]; ++i) {
      dense[row][graph.columns[static_cast<std::size_t>(i)]] = graph.weights[static_cast<std::size_t>(i)];
    }
  }
  REQUIRE(largest_difference(dense, dense.t()) < 1e-15);
  REQUIRE(std::get<0>(torch::linalg_eigh(dense)).max().item<double>() == Approx(1).epsilon(1e-9));
}

TEST_CASE("graph is label propagation, written with dense matrices", "[adapters]") {
  const SmallProblem small = small_problem();
  const Classifier classifier = zero_shot(small.support);
  const torch::Tensor probabilities = classifier.logits(small.test).softmax(1);
  for (const auto& [k, mix] : {std::pair<std::int64_t, double>{10, 0.5}, {3, 0.9}, {1, 0.2}, {79, 0.5}}) {
    const torch::Tensor expected = plain_graph(probabilities, small.support, small.test, k, mix);
    const Overrides overrides = {{"neighbours", k}, {"mix", mix}};
    const torch::Tensor found = adapted_logits("graph", classifier, small.support, small.test, overrides).exp();
    REQUIRE(largest_difference(found, expected) < 1e-12);
    const Support floats = to(small.support, torch::kFloat);
    const torch::Tensor in_float =
        adapted_logits("graph", zero_shot(floats), floats, small.test.to(torch::kFloat), overrides).exp();
    REQUIRE(largest_difference(in_float.to(torch::kDouble), expected) < 1e-4);
  }
}

TEST_CASE("without weight of the neighbours, graph changes nothing", "[adapters]") {
  const SmallProblem small = small_problem();
  const Classifier classifier = zero_shot(small.support);
  const torch::Tensor logits = adapted_logits("graph", classifier, small.support, small.test, {{"mix", 0.0}});
  REQUIRE(largest_difference(logits.exp(), classifier.logits(small.test).softmax(1)) < 1e-12);
}

TEST_CASE("graph joins more classes than it propagates together", "[adapters]") {
  const std::int64_t classes = 70;
  Support support;
  support.text = trefoil::unit_rows(normal_numbers({classes, 32}, 8));
  support.labels = torch::arange(2 * classes).div(2, "floor");
  support.images =
      trefoil::unit_rows(support.text.index_select(0, support.labels) + normal_numbers({2 * classes, 32}, 9) * 0.2);
  const torch::Tensor queries = small_problem().test;
  const Classifier classifier = zero_shot(support);
  const torch::Tensor expected = plain_graph(classifier.logits(queries).softmax(1), support, queries, 10, 0.5);
  REQUIRE(largest_difference(adapted_logits("graph", classifier, support, queries).exp(), expected) < 1e-12);
}

TEST_CASE("graph works without support images, and with one query", "[adapters]") {
  const SmallProblem small = small_problem();
  const Support none{small.support.text, small.support.images.narrow(0, 0, 0), small.support.labels.narrow(0, 0, 0)};
  const torch::Tensor logits = adapted_logits("graph", zero_shot(none), none, small.test);
  REQUIRE(largest_difference(logits.exp().sum(1), torch::ones({60}, torch::kDouble)) < 1e-12);
  const torch::Tensor single = adapted_logits("graph", zero_shot(none), none, small.test.narrow(0, 0, 1));
  REQUIRE(largest_difference(single, zero_shot(none).logits(small.test.narrow(0, 0, 1))) == 0);
  REQUIRE(adapted_logits("graph", zero_shot(small.support), small.support, small.test.narrow(0, 0, 1))
              .isfinite()
              .all()
              .item<bool>());
}

TEST_CASE("adapters refuse more queries than memory allows, and say what they need", "[adapters]") {
  class ManyQueries final : public trefoil::Queries {
   public:
    std::int64_t count() const override { return 100'000'000; }
    std::int64_t width() const override { return 32; }
    torch::Tensor read(std::int64_t, std::int64_t) const override { throw std::logic_error("nothing is read"); }
  };
  const SmallProblem small = small_problem();
  for (const auto& [name, method] : {std::pair{"graph", "label propagation"}, {"transclip", "TransCLIP"}}) {
    const auto plugin = make_adapter(name);
    REQUIRE_THROWS_WITH(
        dynamic_cast<const trefoil::Adapter&>(*plugin).adapt(zero_shot(small.support), small.support,
                                                             first_channels(small.support, 32), ManyQueries()),
        ContainsSubstring(std::string(method) + " over 100000000 queries (D = 32, C = 5) needs ") &&
            ContainsSubstring("GiB of memory, and 'memory' allows 8 GiB: classify the queries in several parts"));
  }
}

TEST_CASE("balanced is its formula, written plainly", "[adapters]") {
  const SmallProblem small = small_problem();
  const Classifier classifier = zero_shot(small.support);
  const torch::Tensor logits = classifier.logits(small.test);
  const torch::Tensor shift = plain_shift(logits, torch::full({5}, 0.2, torch::kDouble));
  for (const double strength : {0.5, 1.0, 0.0}) {
    const torch::Tensor found =
        adapted_logits("balanced", classifier, small.support, small.test, {{"strength", strength}});
    REQUIRE(largest_difference(found, logits + shift * strength) < 1e-10);
  }
  const torch::Tensor whole = adapted_logits("balanced", classifier, small.support, small.test, {{"strength", 1.0}});
  REQUIRE(largest_difference(whole.softmax(1).mean(0), torch::full({5}, 0.2, torch::kDouble)) < 1e-3);
}

TEST_CASE("balanced takes the class frequencies of a file", "[adapters]") {
  const TemporaryFolder folder;
  const std::string file = folder.write("priors.txt", "1\n2\n 3 \r\n4e0\n10\n").string();
  const torch::Tensor frequencies = torch::tensor({1.0, 2.0, 3.0, 4.0, 10.0}, torch::kDouble) / 20;
  REQUIRE(adapting::read_frequencies(file, 5).allclose(frequencies));
  const SmallProblem small = small_problem();
  const Classifier classifier = zero_shot(small.support);
  const torch::Tensor found = adapted_logits("balanced", classifier, small.support, small.test, {{"priors", file}});
  const torch::Tensor logits = classifier.logits(small.test);
  REQUIRE(largest_difference(found, logits + plain_shift(logits, frequencies) * 0.5) < 1e-10);
  const auto assumption = [&](Overrides overrides) {
    return dynamic_cast<const trefoil::Adapter&>(*make_adapter("balanced", std::move(overrides))).assumption();
  };
  REQUIRE(assumption({}) == "classes are equally frequent");
  REQUIRE(assumption({{"priors", file}}) == "classes have the frequencies in priors.txt");
}

TEST_CASE("a file of frequencies that is wrong is refused with its line", "[adapters]") {
  const TemporaryFolder folder;
  const auto refused = [&](const std::string& text) {
    return complaint("balanced", {{"priors", folder.write("priors.txt", text).string()}});
  };
  REQUIRE_THAT(refused("1\n1\n1\n1\n"), ContainsSubstring("priors.txt: it has 4 lines, but there are 5 classes"));
  REQUIRE_THAT(refused("1\n1\n1\n1\n1\n1\n"), ContainsSubstring("priors.txt:6: there are only 5 classes"));
  for (const char* wrong : {"0", "-1", "many", "1 2", "nan", "inf", "1e999", ""}) {
    CAPTURE(wrong);
    REQUIRE_THAT(refused("1\n" + std::string(wrong) + "\n1\n1\n1\n"),
                 ContainsSubstring("priors.txt:2: the line must be one number above 0"));
  }
  for (const char* absent : {"/nowhere/priors.txt", "/dev/zero"}) {
    REQUIRE_THAT(complaint("balanced", {{"priors", std::string(absent)}}),
                 ContainsSubstring(std::string(absent) + ": the file with the class frequencies cannot be opened"));
  }
}

TEST_CASE("balanced shifts classifiers of every form", "[adapters]") {
  const SmallProblem small = small_problem();
  Classifier biased = zero_shot(small.support);
  biased.bias = torch::tensor({1.0, -2.0, 0.0, 3.0, 0.5}, torch::kDouble);
  Classifier cached = biased;
  cached.keys = small.support.images;
  cached.labels = small.support.labels;
  cached.alpha = 2;
  Classifier custom = zero_shot(small.support);
  custom.custom_logits = [](const Classifier& self, const torch::Tensor& query) {
    return query.mm(self.text.t()) * 30;
  };
  for (const Classifier& classifier : {biased, cached, custom}) {
    const torch::Tensor logits = classifier.logits(small.test);
    const torch::Tensor shift = plain_shift(logits, torch::full({5}, 0.2, torch::kDouble));
    REQUIRE(largest_difference(adapted_logits("balanced", classifier, small.support, small.test),
                               logits + shift * 0.5) < 1e-10);
  }
}

TEST_CASE("balanced stays finite when a class is never likely", "[adapters]") {
  const SmallProblem small = small_problem();
  Classifier classifier = zero_shot(small.support);
  classifier.bias = torch::tensor({0.0, 0.0, 0.0, 0.0, -5000.0}, torch::kDouble);
  REQUIRE(adapted_logits("balanced", classifier, small.support, small.test).isfinite().all().item<bool>());
}

TEST_CASE("balanced gives the same bits when it must compute the logits again in each step", "[adapters]") {
  const SmallProblem small = small_problem();
  const Classifier classifier = zero_shot(small.support);
  const torch::Tensor kept = adapted_logits("balanced", classifier, small.support, small.test);
  REQUIRE(adapted_logits("balanced", classifier, small.support, small.test, {{"memory", 0.0}}).equal(kept));
}

TEST_CASE("adapters give the same bits with any number of threads", "[adapters]") {
  const SmallProblem small = small_problem();
  const Support support = to(small.support, torch::kFloat);
  const torch::Tensor rows = trefoil::unit_rows(normal_numbers({3000, 32}, 7)).to(torch::kFloat);
  for (const char* name : {"graph", "balanced", "transclip"}) {
    const torch::Tensor one = adapted_logits(name, zero_shot(support), support, rows, {}, 1);
    for (const int threads : {2, 5}) {
      REQUIRE(adapted_logits(name, zero_shot(support), support, rows, {}, threads).equal(one));
    }
  }
}
