// Submission: result.txt in the format of the contest, predictions.csv with labels and logits, and ranks.txt.
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

// A file with an empty path is not written.
struct SubmissionFiles {
  std::filesystem::path result;
  std::filesystem::path predictions;
  std::filesystem::path ranks;  // written only if the queries have labels
};

class Submission {
 public:
  // Opens the files, which appear when `finish` is called. Throws RunError when a file cannot be opened.
  explicit Submission(SubmissionFiles files);

  // Says that the queries have labels. `subsets`: see data::Task. Throws RunError when ranks.txt cannot be opened.
  void expect_labels(std::int64_t class_count, const std::vector<std::string>& subsets);

  // Writes one line for each query of the block. result.txt: "NAME ID ID ID ID ID", best class first. predictions.csv:
  // name, label, five ids, five logits. ranks.txt: the place of the right class among the five, from 1, or 0.
  void add(const pipeline::ClassifiedBlock& block, const data::Queries& queries);

  // Completes the files, and returns the accuracies if the queries have labels. Throws RunError.
  std::optional<pipeline::Metrics> finish();

 private:
  SubmissionFiles files_;
  base::AtomicFile result_;
  std::optional<base::AtomicFile> predictions_;
  std::optional<base::AtomicFile> ranks_;
  std::optional<pipeline::Metrics> metrics_;
};

// A classifier, or what an adapter made of it, and the submission that its predictions go to.
struct Submitter {
  Adapted adapted;
  Submission& submission;
};

// Classifies all queries, block by block, and writes the predictions of each to its submission. Several
// classifiers may differ in α, β and γ only. `plugin_label`: see pipeline::classify; `subsets`: see data::Task. Throws
// the errors of pipeline::classify.
void submit(const data::Queries& queries, const std::vector<Submitter>& submitters, const std::string& plugin_label,
            const std::vector<std::string>& subsets, const runtime::Compute& compute, runtime::Observer& observer);

// Logs "top-1 67.38 %, top-5 92.62 % of 3,970 queries" and "ECE 3.91 %, −log p 1.052 of 3,970 queries". The second line
// is left out if no image could be read.
void log_metrics(const pipeline::Metrics& metrics, runtime::Observer& observer);

}  // namespace trefoil::run
