// Stored arrays as features and labels, and the check of all rows of a task.
#include "data/checked.h"

#include <ATen/ops/eye.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/tensor.h>

#include "base/errors.h"
#include "data/task_check.h"
#include "support/catch.h"
#include "support/problem.h"

using namespace tests;
using namespace trefoil::data;
using trefoil::DataError;
using trefoil::formats::array_of;

namespace {

std::shared_ptr<const Queries> queries(const torch::Tensor& features) {
  return std::make_shared<Queries>(array_of(features), "query.npy", nullptr, "", features.size(1), 5);
}

Task small_task() {
  Task task;
  task.support = to(small_problem().support, torch::kFloat);
  task.support.images = trefoil::unit_rows(task.support.images);
  task.query = queries(small_problem().test.to(torch::kFloat));
  return task;
}

}  // namespace

TEST_CASE("labels may be any whole numbers, a column, or one-hot rows", "[data]") {
  const torch::Tensor labels = torch::tensor({2, 0, 1, 2}, torch::kLong);
  const torch::Tensor one_hot = torch::eye(3).index_select(0, labels);
  for (const torch::Tensor& stored :
       {labels, labels.to(torch::kByte), labels.to(torch::kShort), labels.to(torch::kFloat), labels.unsqueeze(1),
        one_hot, one_hot.to(torch::kLong), one_hot.to(torch::kHalf)}) {
    REQUIRE_NOTHROW(require_labels(*array_of(stored), 4, 3, "l.npy"));
    REQUIRE(checked_labels(stored, 3, 0, "l.npy").equal(labels));
  }
  REQUIRE_THROWS_WITH(require_labels(*array_of(torch::ones({4, 5})), 4, 3, "l.npy"),
                      ContainsSubstring("l.npy") && ContainsSubstring("one-hot, [rows, 3]"));
  REQUIRE_THROWS_WITH(require_labels(*array_of(labels), 5, 3, "l.npy"), ContainsSubstring("4 labels for 5 rows"));
  REQUIRE_THROWS_WITH(checked_labels(one_hot * 2, 3, 10, "l.npy"), ContainsSubstring("row 10 is not one-hot"));
  REQUIRE_THROWS_WITH(checked_labels(torch::ones({2, 3}), 3, 0, "l.npy"), ContainsSubstring("row 0 is not one-hot"));
  REQUIRE_THROWS_WITH(checked_labels(torch::tensor({1.0, 0.5}), 3, 0, "l.npy"),
                      ContainsSubstring("row 1 has a label that is not a whole number"));
  REQUIRE_THROWS_WITH(checked_labels(torch::tensor({1, 3}, torch::kLong), 3, 7, "l.npy"),
                      ContainsSubstring("row 8 has the label 3, but the classes are 0 to 2"));
}

TEST_CASE("a transposed matrix is recognised and never guessed", "[data]") {
  REQUIRE_NOTHROW(require_features(*array_of(torch::ones({5, 8})), 8, "text.npy"));
  REQUIRE_THROWS_WITH(require_features(*array_of(torch::ones({8, 5})), 8, "text.npy"),
                      ContainsSubstring("text.npy: it looks transposed") && ContainsSubstring("[8, 5]"));
  REQUIRE_THROWS_WITH(require_features(*array_of(torch::ones({6, 5})), 8, "text.npy"),
                      ContainsSubstring("D = 5, but the text features have D = 8"));
}

TEST_CASE("a row whose length cannot be computed is refused", "[data]") {
  for (const double value : {1e200, 1e-200}) {
    torch::Tensor rows = torch::ones({3, 4}, torch::kDouble);
    REQUIRE_NOTHROW(checked_features(rows, ZeroRows::refuse, 0, "f.npy"));
    rows[1].fill_(value);
    REQUIRE_THROWS_WITH(checked_features(rows, ZeroRows::refuse, 5, "f.npy"),
                        ContainsSubstring("f.npy: row 6 has values that are too large or too small"));
  }
  const torch::Tensor long_rows = torch::ones({2, 4}) * 1e30;  // squares that overflow float32
  REQUIRE((checked_features(long_rows, ZeroRows::refuse, 0, "f.npy") - 0.5).abs().max().item<double>() < 1e-6);
}

TEST_CASE("the check of a task finds a bad row in any block", "[data]") {
  Task task = small_task();
  REQUIRE_NOTHROW(check_rows(task, 2));
  REQUIRE(task.notes.empty());
  torch::Tensor many = torch::ones({9000, 32});
  many[8999][3] = std::numeric_limits<float>::quiet_NaN();
  task.query = queries(many);
  REQUIRE_THROWS_WITH(check_rows(task, 2), ContainsSubstring("query.npy: row 8999 has a NaN"));
  task.query = queries(many.slice(0, 0, 10));
  task.validation = queries(many);
  REQUIRE_THROWS_WITH(check_rows(task, 2), ContainsSubstring("row 8999"));
}

TEST_CASE("equal support rows and queries that are support rows are noted with their counts", "[data]") {
  Task task = small_task();  // 5 classes of 4 images
  torch::Tensor stored = small_problem().support.images.to(torch::kFloat).clone();
  stored[1] = stored[0];
  stored[2] = stored[0];
  stored[19] = stored[4];
  task.support.images = checked_features(stored, ZeroRows::refuse, 0, "support.npy");
  task.query = queries(stored.slice(0, 0, 8).contiguous());
  check_rows(task, 2);
  REQUIRE(task.notes.size() == 3);
  REQUIRE_THAT(task.notes[0], ContainsSubstring("2 support rows repeat another row of the same class"));
  REQUIRE_THAT(task.notes[1], ContainsSubstring("1 support row is equal to a row of another class"));
  REQUIRE_THAT(task.notes[2], ContainsSubstring("8 queries are support rows too"));
}

TEST_CASE("images that were estimated from one text are equal on purpose", "[data]") {
  Task task = small_task();
  task.support.images[1] = task.support.images[0];
  task.estimated = torch::tensor({1, 0, 0, 0, 0}, torch::kLong).to(torch::kBool);
  check_rows(task, 1);
  REQUIRE(task.notes.empty());
}
