#include <ATen/ops/cat.h>

#include <future>
#include <stdexcept>

#include "base/text.h"
#include "conformance/kinds.h"
#include "conformance/problems.h"
#include "runtime/blocks.h"
#include "runtime/instance.h"
#include "trefoil/adapter.h"

namespace trefoil::conformance {

namespace {

// Queries in memory. Unlike those of a run, they stop a plugin that reads rows which do not exist.
class RowsInMemory final : public Queries {
 public:
  explicit RowsInMemory(torch::Tensor rows) : rows_(std::move(rows)) {}

  std::int64_t count() const override { return rows_.size(0); }
  std::int64_t width() const override { return rows_.size(1); }
  torch::Tensor read(std::int64_t first, std::int64_t count) const override {
    if (first < 0 || count < 0 || first > this->count() - count)
      throw std::out_of_range("it read rows that do not exist");
    return rows_.narrow(/*dim=*/0, first, count);
  }

 private:
  torch::Tensor rows_;
};

Channels half_for_adapter(const Support& support) { return some_channels(support, support.width() / 2); }

// Computes the logits of the queries [first, first + count).
using RowLogits = std::function<torch::Tensor(std::int64_t first, std::int64_t count)>;

// Adapts the classifier, checks the result, and calls `use` with its logits while the adapter exists.
template <typename Use>
void adapt(const Subject& subject, const Classifier& classifier, const Support& support, const torch::Tensor& rows,
           int threads, Use use) {
  TestedPlugin<Adapter> adapter(subject, threads);
  const RowsInMemory queries(rows);
  const Adapted adapted = adapter.call("adapt", [&](const Adapter& object) {
    return object.adapt(classifier, support, half_for_adapter(support), queries);
  });
  runtime::check_classifier(adapted.classifier, support, adapter.label());
  const RowLogits logits = adapted.logits ? adapted.logits : [&](std::int64_t first, std::int64_t count) {
    return adapted.classifier.logits(queries.read(first, count));
  };
  runtime::check_logits(logits(0, rows.size(0)), rows.size(0), support.class_count(), adapter.label());
  use(logits);
}

Classifier cache_of(const Support& support) { return cache_classifier(support, half_for_adapter(support)); }

void check_adapting(const Subject& subject, const Classifier& classifier, const Support& support) {
  adapt(subject, classifier, support, queries_for(support), 1, [](const RowLogits&) {});
}

torch::Tensor logits_with(const Subject& subject, int threads) {
  const Support support = ordinary_problem().support;
  torch::Tensor all;
  adapt(subject, cache_of(support), support, queries_for(support), threads,
        [&](const RowLogits& logits) { all = logits(0, queries_for(support).size(0)).clone(); });
  return all;
}

void check_arguments_unmodified(const Subject& subject) {
  const Support support = ordinary_problem().support;
  const Classifier classifier = cache_of(support);
  const Classifier given = cache_of(ordinary_problem().support);
  const torch::Tensor rows = queries_for(support);
  adapt(subject, classifier, support, rows, 1, [](const RowLogits&) {});
  require_unchanged(support, ordinary_problem().support);
  require_equal(rows, queries_for(support), "queries");
  require_equal(classifier.text, given.text, "text of the classifier");
  require_equal(classifier.keys, given.keys, "keys of the classifier");
  require_equal(classifier.labels, given.labels, "labels of the classifier");
}

void check_adapted_blocks(const Subject& subject) {
  const Support support = ordinary_problem().support;
  const torch::Tensor rows = queries_for(support);
  adapt(subject, cache_of(support), support, rows, 1, [&](const RowLogits& logits) {
    require_near(at::cat({logits(0, 3), logits(3, rows.size(0) - 3)}), logits(0, rows.size(0)), kTolerance,
                 "logits of blocks of queries against logits of all queries");
  });
}

void check_adapted_on_two_threads(const Subject& subject) {
  const Support support = ordinary_problem().support;
  const torch::Tensor rows = queries_for(support);
  adapt(subject, cache_of(support), support, rows, 1, [&](const RowLogits& logits) {
    const torch::Tensor expected = logits(0, rows.size(0)).clone();
    for (int round = 0; round < 20; ++round) {
      std::future<torch::Tensor> other = std::async(std::launch::async, [&] {
        runtime::inherit_thread_limit();
        return logits(0, rows.size(0));
      });
      require_equal(logits(0, rows.size(0)), expected, "logits computed by two threads at the same time");
      require_equal(other.get(), expected, "logits computed by two threads at the same time");
    }
  });
}

void check_statements(const Subject& subject) {
  TestedPlugin<Adapter> adapter(subject);
  const std::string assumption = adapter.call("assumption", [](const Adapter& object) { return object.assumption(); });
  require(!base::has_control_character(assumption) && base::is_utf8(assumption),
          "assumption() must return one line of UTF-8");
  const std::int64_t queries =
      adapter.call("queries_per_class", [](const Adapter& object) { return object.queries_per_class(); });
  require(queries >= 1, "queries_per_class() must return at least 1");
}

}  // namespace

void check_adapter(const Subject& subject, Rules& rules) {
  const Problem ordinary = ordinary_problem();
  const Support& support = ordinary.support;
  rules.check(ordinary.name, [&] { check_adapting(subject, cache_of(support), support); });
  rules.check("a classifier without keys",
              [&] { return allowing_refusal([&] { check_adapting(subject, text_classifier(support), support); }); });
  rules.check("a classifier with custom logits", [&] {
    return allowing_refusal([&] {
      Classifier classifier = text_classifier(support);
      classifier.custom_logits = [](const Classifier& self, const torch::Tensor& query) {
        return query.matmul(self.text.t());
      };
      check_adapting(subject, classifier, support);
    });
  });
  rules.check("a single query", [&] {
    return allowing_refusal([&] {
      adapt(subject, cache_of(support), support, queries_for(support).narrow(0, 0, 1), 1, [](const RowLogits&) {});
    });
  });
  for (const Problem& problem : unusual_problems()) {
    rules.check(problem.name, [&] {
      return allowing_refusal([&] { check_adapting(subject, cache_of(problem.support), problem.support); });
    });
  }
  rules.check("does not modify its arguments", [&] { check_arguments_unmodified(subject); });
  rules.check("gives the same logits when created again",
              [&] { require_equal(logits_with(subject, 1), logits_with(subject, 1), "logits"); });
  rules.check("gives the same logits with two threads",
              [&] { require_equal(logits_with(subject, 2), logits_with(subject, 1), "logits"); });
  rules.check("gives the same logits in blocks", [&] { check_adapted_blocks(subject); });
  rules.check("two threads can compute logits at the same time", [&] { check_adapted_on_two_threads(subject); });
  rules.check("assumption() and queries_per_class() are valid", [&] { check_statements(subject); });
  check_values(subject, rules, [&](const Subject& changed) { check_adapting(changed, cache_of(support), support); });
}

}  // namespace trefoil::conformance
