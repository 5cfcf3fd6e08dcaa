// Evidence: what the classifier that training starts from says of the examples, as far as training does not change it.
#pragma once

#include <trefoil/classifier.h>

#include <cstdint>
#include <vector>

#include "examples.h"

namespace trefoil::training {

// How much of it a head needs.
enum class Detail {
  text,     // the text's logits
  logits,   // all logits, with the cache's
  sums,     // the text's logits, and the cache's by class
  kernels,  // the text's logits, and the cache's by key
};

// Of n rows. What the detail does not ask for is undefined.
struct Evidence {
  torch::Tensor logits;        // [n, C]  s · f textᵀ + bias
  torch::Tensor inverse_norm;  // [n]     1 / ‖f'‖ if the classifier renormalises, else 1
  torch::Tensor nearest;       // [n, C]  as in class_sums.h
  torch::Tensor sum;           // [n, C]  likewise
  torch::Tensor kernel;        // [n, M]  likewise

  Evidence narrow(std::int64_t first, std::int64_t count) const;
  std::int64_t bytes() const;
};

class EvidenceSource {
 public:
  // masked: see own_keys.h. `workers` threads compute at most.
  EvidenceSource(const Classifier& start, const Examples& examples, Detail detail, bool masked, int workers);

  // Room for n rows, not yet computed.
  Evidence room(std::int64_t rows) const;

  // Computes the evidence of rows.count rows into the first rows of `target`. Safe to call at once by different
  // workers.
  void compute(const Rows& rows, const Evidence& target, int worker) const;

  torch::ScalarType type() const { return start_.text.scalar_type(); }

 private:
  // What a worker uses again and again.
  struct Scratch {
    torch::Tensor features;  // [kBlock, D]
    torch::Tensor kept;      // [kBlock, Q]
    torch::Tensor affinity;  // [kBlock, M]
    torch::Tensor nearest;   // [kBlock, C]
    torch::Tensor sum;       // [kBlock, C]
  };

  bool has_cache() const { return detail_ != Detail::text; }
  void compute_text(const torch::Tensor& features, const Evidence& part) const;
  void compute_cache(const Rows& rows, const torch::Tensor& kept, const Evidence& part, const Scratch& scratch) const;

  Classifier start_;
  const Examples& examples_;  // outlive this
  Detail detail_;
  torch::Tensor weight_;  // [M]
  torch::Tensor gain_;    // [M] of the own class; undefined if nothing is masked
  std::vector<Scratch> scratch_;
};

}  // namespace trefoil::training
