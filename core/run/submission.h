// Submission: result.txt in the contest's format, and predictions.csv with what stands behind it.
#pragma once

#include <string>
#include <vector>

#include "base/atomic_file.h"
#include "data/task.h"
#include "pipeline/classify.h"

namespace trefoil::run {

// Both files grow block by block and appear, whole, on `commit`.
class Submission {
 public:
  Submission(const std::filesystem::path& result, const std::filesystem::path& predictions,
             const data::Queries& queries);

  // One line a query. result.txt: "NAME ID ID ID ID ID", best first. predictions.csv: name, label, five ids, five
  // logits.
  void add(const pipeline::ClassifiedBlock& block);
  void commit();

 private:
  base::AtomicFile result_;
  base::AtomicFile predictions_;
  const data::Queries& queries_;
};

}  // namespace trefoil::run
