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
  // Begins the files, which appear, whole, when `submit` is done. `predictions` may be "": then it is not written.
  // Throws RunError when they cannot be written where they should.
  explicit Submission(const std::filesystem::path& result, const std::filesystem::path& predictions = {});

  // Classifies all queries, block by block, one line each. result.txt: "NAME ID ID ID ID ID", best first.
  // predictions.csv: name, label, five ids, five logits. Returns how often the first and the first five were right,
  // where the queries have labels. `subsets` is as in data::Task, the rest as in pipeline::classify. Call once. Throws
  // RunError, and what pipeline::classify throws.
  std::optional<pipeline::Metrics> submit(const data::Queries& queries, const Classifier& classifier,
                                          const std::string& maker, const std::vector<std::string>& subsets,
                                          const pipeline::Compute& compute, pipeline::Observer& observer);

 private:
  void write(const pipeline::ClassifiedBlock& block, const data::Queries& queries);
  void commit();

  base::AtomicFile result_;
  std::optional<base::AtomicFile> predictions_;
};

}  // namespace trefoil::run
