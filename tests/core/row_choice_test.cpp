// Which rows of files of features become the support: data.choose of the layouts features and tip_cache.
#include "data/row_choice.h"

#include <ATen/ops/eye.h>
#include <ATen/ops/tensor.h>

#include <algorithm>
#include <limits>
#include <map>
#include <random>
#include <set>

#include "base/errors.h"
#include "data/layout.h"
#include "formats/npy_writer.h"
#include "support/catch.h"
#include "support/files.h"
#include "support/layouts.h"
#include "support/problem.h"
#include "support/torch_files.h"

using namespace tests;
using namespace trefoil::data;

namespace {

using FeatureRows = std::vector<std::int64_t>;
using RowParameters = std::map<std::string, trefoil::ParameterValue>;

constexpr std::int64_t kChoiceWidth = 6;

// 25 rows of three classes, in no order.
const FeatureRows kRowLabels = {1, 0, 2, 2, 0, 1, 1, 0, 2, 0, 1, 2, 2, 0, 1, 0, 0, 2, 1, 1, 0, 2, 0, 1, 1};

FeatureRows numbers(const torch::Tensor& rows) {
  return {rows.data_ptr<std::int64_t>(), rows.data_ptr<std::int64_t>() + rows.numel()};
}

Task load_layout(const std::string& layout, const RowParameters& overrides, std::uint64_t seed) {
  return find_layout(layout)->load(layout_parameters(layout, overrides), seed);
}

// A folder of features, without a file of queries.
struct FeatureFolder {
  FeatureFolder() {
    trefoil::formats::write_npy(folder / "text.npy", text);
    trefoil::formats::write_npy(folder / "support.npy", images);
    trefoil::formats::write_npy(folder / "labels.npy", labels);
  }

  Task load(RowParameters overrides, std::uint64_t seed = 1) const {
    overrides["root"] = folder.path().string();
    overrides["text"] = "text.npy";
    overrides["support"] = "support.npy";
    overrides["support_labels"] = "labels.npy";
    return load_layout("features", overrides, seed);
  }

  // The row of the file that each of these features is.
  FeatureRows rows_of(const torch::Tensor& features) const {
    FeatureRows found;
    for (std::int64_t i = 0; i < features.size(0); ++i) {
      found.push_back((images - features[i]).abs().sum(1).argmin().item<std::int64_t>());
    }
    return found;
  }

  TemporaryFolder folder;
  torch::Tensor labels = torch::tensor(kRowLabels, torch::kLong);
  torch::Tensor images = trefoil::unit_rows(normal_numbers({25, kChoiceWidth}, 3)).to(torch::kFloat);
  torch::Tensor text = trefoil::unit_rows(normal_numbers({3, kChoiceWidth}, 4)).to(torch::kFloat);
};

// A whole number below `bound`, each equally often: draws beyond the last whole multiple of `bound` are drawn again.
std::uint64_t drawn_below(std::uint64_t bound, std::mt19937_64& generator) {
  const std::uint64_t last = std::numeric_limits<std::uint64_t>::max() / bound * bound;
  while (true) {
    if (const std::uint64_t number = generator(); number < last) return number % bound;
  }
}

// The rows of each class that the seed draws, sorted by class, in ascending order in each class: the beginning of a
// shuffle by Fisher and Yates, with a generator for each class.
FeatureRows expected_draw(std::size_t shots, std::uint64_t seed) {
  FeatureRows all;
  for (std::uint64_t label = 0; label < 3; ++label) {
    FeatureRows offered;
    for (std::size_t row = 0; row < kRowLabels.size(); ++row) {
      if (kRowLabels[row] == static_cast<std::int64_t>(label)) offered.push_back(static_cast<std::int64_t>(row));
    }
    std::mt19937_64 generator(11400714819323198485ULL * seed + label);
    FeatureRows drawn;
    while (drawn.size() < shots) {
      const auto place = static_cast<std::ptrdiff_t>(drawn_below(offered.size(), generator));
      drawn.push_back(offered[static_cast<std::size_t>(place)]);
      offered[static_cast<std::size_t>(place)] = offered.front();  // the first one moves to the free place
      offered.erase(offered.begin());
    }
    std::sort(drawn.begin(), drawn.end());
    all.insert(all.end(), drawn.begin(), drawn.end());
  }
  return all;
}

void write_matrix_file(const std::filesystem::path& path, const torch::Tensor& matrix) {
  const torch::Tensor stored = matrix.to(torch::kFloat).contiguous();
  const std::string tensor = pickle::tensor(pickle::storage("FloatStorage", "0", stored.numel()), 0,
                                            {stored.sizes().begin(), stored.sizes().end()},
                                            {stored.strides().begin(), stored.strides().end()});
  const std::vector<float> values(stored.data_ptr<float>(), stored.data_ptr<float>() + stored.numel());
  write_zip(path, {{"archive/data.pkl", pickle::whole(tensor)}, {"archive/data/0", float_bytes(values)}});
}

}  // namespace

TEST_CASE("random rows of files of features are those that the seed draws", "[rows]") {
  const FeatureFolder data;
  std::set<FeatureRows> supports;
  for (const std::uint64_t seed : {1, 2, 3, 3407}) {
    for (const std::int64_t shots : {1, 2, 4, 7}) {
      const Task task = data.load({{"choose", "random"}, {"shots", shots}}, seed);
      const FeatureRows expected = expected_draw(static_cast<std::size_t>(shots), seed);
      REQUIRE(data.rows_of(task.support.images) == expected);
      REQUIRE(task.support.labels.equal(data.labels.index_select(0, torch::tensor(expected, torch::kLong))));
      if (shots == 4) supports.insert(expected);
    }
  }
  REQUIRE(supports.size() == 4);
}

TEST_CASE("without a file of queries, the rows that are not drawn are the queries", "[rows]") {
  const FeatureFolder data;
  const Task task = data.load({{"choose", "random"}, {"shots", std::int64_t{3}}}, 2);
  const QueryBlock queries = task.query->read(0, task.query->count());
  FeatureRows others = data.rows_of(queries.features);
  REQUIRE(std::is_sorted(others.begin(), others.end()));
  REQUIRE(queries.labels.equal(data.labels.index_select(0, torch::tensor(others, torch::kLong))));
  for (const std::int64_t row : expected_draw(3, 2)) others.push_back(row);
  std::sort(others.begin(), others.end());
  REQUIRE(others.size() == kRowLabels.size());
  REQUIRE(std::adjacent_find(others.begin(), others.end()) == others.end());
}

TEST_CASE("first rows are the default, and do not depend on the seed", "[rows]") {
  const FeatureFolder data;
  const Task task = data.load({{"shots", std::int64_t{2}}}, 7);
  REQUIRE(data.rows_of(task.support.images) == FeatureRows{1, 4, 0, 5, 2, 3});
}

TEST_CASE("the text chooses the rows that are nearest to it", "[rows]") {
  const FeatureFolder data;
  const Task task = data.load({{"choose", "text"}, {"shots", std::int64_t{1}}});
  FeatureRows nearest;
  for (std::int64_t label = 0; label < 3; ++label) {
    const torch::Tensor cosines = data.images.matmul(data.text[label]);
    nearest.push_back(cosines.masked_fill(data.labels != label, -2).argmax().item<std::int64_t>());
  }
  REQUIRE(data.rows_of(task.support.images) == nearest);
}

TEST_CASE("no text can choose the rows of a class without a text", "[rows]") {
  const FeatureFolder data;
  torch::Tensor text = data.text.clone();
  text[1].zero_();
  trefoil::formats::write_npy(data.folder / "text.npy", text);
  RowParameters parameters = {{"choose", "text"}, {"shots", std::int64_t{1}}, {"missing_text", "class_mean"}};
  REQUIRE_THROWS_WITH(data.load(parameters), ContainsSubstring("needs a text feature for every class"));
  parameters["choose"] = "random";
  REQUIRE(data.load(parameters).support.image_count() == 3);
}

TEST_CASE("all rows, and all other rows", "[rows]") {
  REQUIRE(numbers(other_rows(torch::tensor({1, 3}, torch::kLong), 5)) == FeatureRows{0, 2, 4});
  REQUIRE(other_rows(torch::tensor({0, 1}, torch::kLong), 2).numel() == 0);
}

TEST_CASE("shots are drawn from a larger Tip-Adapter cache", "[rows]") {
  const FeatureFolder data;
  write_matrix_file(data.folder / "keys_8shots.pt", data.images.t());
  write_matrix_file(data.folder / "values_8shots.pt", torch::eye(3).index_select(0, data.labels));
  write_matrix_file(data.folder / "test_f.pt", data.images);
  write_matrix_file(data.folder / "test_l.pt", data.labels);
  RowParameters parameters = {{"root", data.folder.path().string()}, {"shots", std::int64_t{4}}};
  parameters["text"] = "text.npy";
  parameters["cache_shots"] = std::int64_t{8};
  const auto support = [&](std::uint64_t seed) {
    return data.rows_of(load_layout("tip_cache", parameters, seed).support.images);
  };
  REQUIRE(support(5) == FeatureRows{1, 4, 7, 9, 0, 5, 6, 10, 2, 3, 8, 11});
  parameters["choose"] = "random";
  for (const std::uint64_t seed : {1, 2, 3}) REQUIRE(support(seed) == expected_draw(4, seed));

  parameters["cache_shots"] = std::int64_t{3};
  REQUIRE_THROWS_WITH(support(1), ContainsSubstring("'data.cache_shots' must not be less than 'data.shots'"));
  parameters["cache_shots"] = std::int64_t{0};
  REQUIRE_THROWS_WITH(support(1), ContainsSubstring("'data.choose' has no use"));
}

TEST_CASE("skip leaves out the first rows of each class, and gives disjoint supports", "[rows]") {
  const FeatureFolder data;
  std::set<std::int64_t> used;
  for (const std::int64_t skip : {0, 3, 6}) {
    const Task task = data.load({{"skip", skip}, {"shots", std::int64_t{3}}});
    const FeatureRows rows = data.rows_of(task.support.images);
    const FeatureRows first_class = {1, 4, 7, 9, 13, 15, 16, 20, 22};
    const auto begin = first_class.begin() + skip;
    REQUIRE(FeatureRows(rows.begin(), rows.begin() + 3) == FeatureRows(begin, begin + 3));
    for (const std::int64_t row : rows) REQUIRE(used.insert(row).second);
    REQUIRE(task.query->count() == 25 - static_cast<std::int64_t>(rows.size()));
  }
  const Task random = data.load({{"skip", std::int64_t{3}}, {"shots", std::int64_t{2}}, {"choose", "random"}});
  for (const std::int64_t row : data.rows_of(random.support.images)) REQUIRE(row > 3);
  REQUIRE_THROWS_WITH(data.load({{"skip", std::int64_t{30}}, {"shots", std::int64_t{3}}}),
                      ContainsSubstring("data.skip = 30 leaves no support rows"));
}
