#include "conformance/classifiers.h"

#include <ATen/ops/cat.h>
#include <torch/cuda.h>

#include <future>

#include "runtime/blocks.h"
#include "runtime/instance.h"

namespace trefoil::conformance {

namespace {

torch::Tensor logits_of(const UseClassifier& make, int threads) {
  const Support support = ordinary_problem().support;
  torch::Tensor logits;
  make(support, threads,
       [&](const Classifier& classifier) { logits = classifier.logits(queries_for(support)).clone(); });
  return logits;
}

void check_blocks(const Classifier& classifier, const torch::Tensor& queries) {
  const torch::Tensor parts =
      at::cat({classifier.logits(queries.slice(0, 0, 3)), classifier.logits(queries.slice(0, 3))});
  require_near(parts, classifier.logits(queries), kTolerance,
               "logits of blocks of queries against logits of all queries");
}

void check_logits_on_two_threads(const Classifier& classifier, const torch::Tensor& queries) {
  const torch::Tensor expected = classifier.logits(queries);
  const auto compute = [&] {
    runtime::inherit_thread_limit();
    return classifier.logits(queries);
  };
  for (int round = 0; round < 20; ++round) {
    std::future<torch::Tensor> other = std::async(std::launch::async, compute);
    const torch::Tensor here = classifier.logits(queries);
    require_equal(other.get(), expected, "logits computed by two threads at the same time");
    require_equal(here, expected, "logits computed by two threads at the same time");
  }
}

void check_cuda(const Classifier& classifier, const torch::Tensor& queries) {
  if (!torch::cuda::is_available()) throw Skipped("this computer has no CUDA device");
  const torch::Tensor there = classifier.to(torch::kCUDA).logits(queries.to(torch::kCUDA)).to(torch::kCPU);
  require_near(there, classifier.logits(queries), kTolerance, "logits on the GPU against logits on the CPU");
}

}  // namespace

void require_valid(const Classifier& classifier, const Support& support, const std::string& plugin_label) {
  runtime::check_classifier(classifier, support, plugin_label);
  const torch::Tensor queries = queries_for(support);
  runtime::check_logits(classifier.logits(queries), queries.size(0), support.class_count(), plugin_label);
}

void check_classifiers(const UseClassifier& make, Rules& rules) {
  rules.check("does not modify the support", [&] {
    const Support support = ordinary_problem().support;
    make(support, 1, [](const Classifier&) {});
    require_unchanged(support, ordinary_problem().support);
  });
  rules.check("gives the same logits when created again",
              [&] { require_equal(logits_of(make, 1), logits_of(make, 1), "logits"); });
  rules.check("gives the same logits with two threads",
              [&] { require_equal(logits_of(make, 2), logits_of(make, 1), "logits"); });
  const auto check = [&](const char* rule, auto attempt) {
    rules.check(rule, [&] {
      const Support support = ordinary_problem().support;
      make(support, 1, [&](const Classifier& classifier) { attempt(classifier, queries_for(support)); });
    });
  };
  check("the logits of a query do not depend on other queries", check_blocks);
  check("two threads can compute logits at the same time", check_logits_on_two_threads);
  check("gives the same logits on a GPU", check_cuda);
}

}  // namespace trefoil::conformance
