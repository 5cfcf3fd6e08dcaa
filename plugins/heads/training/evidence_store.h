// Keeps the evidence of the first views, as many as fit into a bound of memory, and computes that of the others again
// whenever it is asked for.
#pragma once

#include <cstdint>
#include <vector>

#include "evidence.h"
#include "workers.h"

namespace trefoil::training {

constexpr std::int64_t kEvidenceBytes = std::int64_t{256} << 20;

class EvidenceStore {
 public:
  EvidenceStore(EvidenceSource source, const Examples& examples, Workers& workers, std::int64_t bytes = kEvidenceBytes);

  // The evidence of row i of `rows` is row place[i] of `evidence`, until the same worker asks again.
  struct Found {
    const Evidence& evidence;
    const std::int64_t* place;
  };
  Found find(const Rows& rows, int worker) const;

 private:
  void compute_view(std::int64_t view, Workers& workers);

  EvidenceSource source_;
  std::vector<std::int64_t> numbers_;  // [M] 0, 1, 2, …
  std::vector<Evidence> views_;        // of the first views
  std::vector<Evidence> scratch_;      // of each worker
};

}  // namespace trefoil::training
