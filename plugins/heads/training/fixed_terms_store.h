// Keeps the fixed terms of as many views as fit into a memory limit. The terms of the other views are computed again at
// each use.
#pragma once

#include <cstdint>
#include <vector>

#include "../../shared/workers.h"
#include "fixed_terms.h"

namespace head_training {

constexpr std::int64_t kFixedTermsBytes = std::int64_t{256} << 20;

class FixedTermsStore {
 public:
  FixedTermsStore(FixedTermsSource source, const Examples& examples, parallel::Workers& workers,
                  std::int64_t bytes = kFixedTermsBytes);

  // The terms of row i of the request are row row[i] of `terms`.
  struct Found {
    const FixedTerms& terms;
    const std::int64_t* row;
  };

  // The result is valid until the same worker calls again.
  Found find(const Rows& rows, int worker) const;

 private:
  void compute_view(std::int64_t view, parallel::Workers& workers);

  FixedTermsSource source_;
  std::vector<std::int64_t> row_numbers_;  // 0, 1, 2, …
  std::vector<FixedTerms> views_;          // the terms of the first views
  std::vector<FixedTerms> scratch_;        // one for each worker
};

}  // namespace head_training
