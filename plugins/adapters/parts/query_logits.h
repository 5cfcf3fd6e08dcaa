// QueryLogits: the logits of all queries, in blocks.
#pragma once

#include <trefoil/adapter.h>

#include <cstdint>
#include <functional>
#include <vector>

#include "../../shared/workers.h"

namespace adapting {

// Blocks have a fixed number of queries, so results do not depend on the number of threads.
class QueryLogits {
 public:
  // The logits are computed once and kept if they take at most `most_bytes`. Otherwise they are computed again in each
  // pass. The references must outlive this object.
  QueryLogits(const trefoil::Classifier& classifier, const trefoil::Queries& queries, parallel::Workers& workers,
              double most_bytes);

  std::int64_t count() const { return queries_.count(); }

  // Calls use(first, logits [n, C]) for every block, in any order, on several threads. It may change the logits only in
  // a copy.
  void for_each_block(const std::function<void(std::int64_t first, const torch::Tensor& logits)>& use) const;

  // Returns the probabilities of all queries [N, C], or their logarithms, of the classifier's type.
  torch::Tensor probabilities() const;
  torch::Tensor log_probabilities() const;

  // Returns the mean over the queries of softmax(logits + bias): [C] float64. bias [C] is float64.
  torch::Tensor mean_probabilities(const torch::Tensor& bias) const;

 private:
  std::int64_t blocks() const;
  torch::Tensor of_each_block(const std::function<torch::Tensor(const torch::Tensor& logits)>& value) const;
  torch::Tensor computed(std::int64_t first, std::int64_t count) const;

  const trefoil::Classifier& classifier_;
  const trefoil::Queries& queries_;
  parallel::Workers& workers_;
  std::vector<torch::Tensor> kept_;  // of each block, or empty
};

}  // namespace adapting
