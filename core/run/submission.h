// Submission: result.txt in the contest's format, and predictions.csv with what stands behind it.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/atomic_file.h"
#include "data/task.h"
#include "pipeline/classify.h"
#include "pipeline/metrics.h"

namespace trefoil::run {

class Submission {
 public:
  // Begins the files, which appear, whole, with `finish`. `predictions` may be "": then it is not written. Throws
  // RunError when they cannot be written where they should.
  explicit Submission(const std::filesystem::path& result, const std::filesystem::path& predictions = {});

  // From here on the labels of the queries count. `subsets` is as in data::Task.
  void expect_labels(std::int64_t class_count, const std::vector<std::string>& subsets);

  // The next queries, one line each. result.txt: "NAME ID ID ID ID ID", best first. predictions.csv: name, label, five
  // ids, five logits.
  void add(const pipeline::ClassifiedBlock& block, const data::Queries& queries);

  // How often the first and the first five were right, where labels were expected. Throws RunError.
  std::optional<pipeline::Metrics> finish();

 private:
  base::AtomicFile result_;
  std::optional<base::AtomicFile> predictions_;
  std::optional<pipeline::Metrics> metrics_;
};

// One of the classifiers that submit their predictions for the same queries.
struct Submitter {
  Classifier classifier;
  Submission& submission;
};

// Classifies all queries, block by block, and adds them to the submissions. The classifiers differ in α, β and γ only,
// or there is one. `plugin_label` and `subsets` are as in pipeline::classify and data::Task. Throws what
// pipeline::classify throws.
void submit(const data::Queries& queries, const std::vector<Submitter>& submitters, const std::string& plugin_label,
            const std::vector<std::string>& subsets, const runtime::Compute& compute, runtime::Observer& observer);

// "top-1 67.38 %, top-5 92.62 % of 3970 queries".
std::string metrics_text(const pipeline::Metrics& metrics);

}  // namespace trefoil::run
