// The stage of adapters: what an adapter sees of the queries, and which rows its logits belong to.
#include "pipeline/adapter_stage.h"

#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>

#include "base/errors.h"
#include "base/sha256.h"
#include "config/settings.h"
#include "formats/array.h"
#include "support/catch.h"
#include "support/observer.h"
#include "support/plugins.h"
#include "support/problem.h"

using namespace tests;
using trefoil::pipeline::AdapterStage;
using trefoil::pipeline::UnlabelledQueries;

namespace {

// The test images of the small problem, some of which could not be read.
trefoil::data::Queries queries_without(const std::set<std::int64_t>& unreadable) {
  torch::Tensor features = small_problem().test.to(torch::kFloat).clone();
  for (const std::int64_t row : unreadable) features[row] = 0;
  return {trefoil::formats::array_of(features), "features", nullptr, "", 32, 5, {{}, {}, unreadable, {}}};
}

// The adapter with its default values.
class Stage {
 public:
  explicit Stage(const char* name)
      : stage_({registry().find(trefoil::PluginKind::adapter, name), defaults(name), "the test"},
               {1, observer_, metrics_, sums_, 2}) {}

  trefoil::Adapted adapt(const trefoil::Classifier& classifier, const trefoil::Support& support,
                         const trefoil::data::Queries& queries) {
    return stage_.adapt(classifier, support, first_channels(support, 32), queries);
  }

 private:
  static trefoil::Parameters defaults(const char* name) {
    const trefoil::PluginDescriptor& descriptor = *registry().find(trefoil::PluginKind::adapter, name)->descriptor;
    trefoil::Parameters::Values values;
    for (std::size_t i = 0; i < descriptor.parameter_count; ++i) {
      values[descriptor.parameters[i].name] = trefoil::config::default_value(descriptor.parameters[i]);
    }
    return trefoil::Parameters(std::move(values));
  }

  QuietObserver observer_;
  trefoil::runtime::ReportedMetrics metrics_;
  trefoil::base::FileSums sums_;
  AdapterStage stage_;
};

}  // namespace

TEST_CASE("an adapter sees the images that could be read, in order", "[pipeline]") {
  const torch::Tensor all = small_problem().test.to(torch::kFloat);
  for (const std::set<std::int64_t>& unreadable :
       {std::set<std::int64_t>{}, {0}, {59}, {0, 1, 2, 30, 31, 58, 59}, {5, 7, 9, 11}}) {
    std::vector<std::int64_t> readable;
    for (std::int64_t row = 0; row < 60; ++row) {
      if (unreadable.count(row) == 0) readable.push_back(row);
    }
    const torch::Tensor expected = trefoil::unit_rows(all.index_select(0, torch::tensor(readable, torch::kLong)));
    const trefoil::data::Queries queries = queries_without(unreadable);
    const UnlabelledQueries seen(queries);
    const std::int64_t count = expected.size(0);
    REQUIRE(seen.count() == count);
    REQUIRE(seen.width() == 32);
    for (std::int64_t first = 0; first < count; ++first) {
      for (const std::int64_t rows : {std::int64_t{0}, std::int64_t{1}, std::min<std::int64_t>(9, count - first)}) {
        REQUIRE(seen.read(first, rows).allclose(expected.narrow(0, first, rows)));
      }
    }
    REQUIRE(seen.readable_before(60) == count);
    REQUIRE_THROWS_AS(seen.read(count - 1, 2), std::out_of_range);
    REQUIRE_THROWS_AS(seen.read(-1, 1), std::out_of_range);
  }
}

TEST_CASE("without any image that could be read there is nothing to adapt to", "[pipeline]") {
  std::set<std::int64_t> all;
  for (std::int64_t row = 0; row < 60; ++row) all.insert(row);
  const trefoil::data::Queries queries = queries_without(all);
  REQUIRE_THROWS_AS(UnlabelledQueries(queries), trefoil::DataError);
}

TEST_CASE("logits of adapted queries belong to their rows, whatever could not be read", "[pipeline]") {
  const trefoil::Support support = to(small_problem().support, torch::kFloat);
  trefoil::Classifier classifier;
  classifier.text = support.text;
  const std::set<std::int64_t> unreadable = {0, 17, 18, 59};
  const trefoil::data::Queries queries = queries_without(unreadable);
  Stage stage("graph");
  const trefoil::Adapted adapted = stage.adapt(classifier, support, queries);
  const torch::Tensor whole = adapted.logits(0, 60);
  for (std::int64_t row = 0; row < 60; ++row) {
    REQUIRE(whole[row].equal(torch::zeros({5})) == (unreadable.count(row) > 0));
  }
  for (const std::int64_t size : {1, 7, 59}) {
    for (std::int64_t first = 0; first + size <= 60; first += size) {
      REQUIRE(adapted.logits(first, size).equal(whole.narrow(0, first, size)));
    }
  }
}
