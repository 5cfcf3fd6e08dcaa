// The iteration of TransCLIP. plugins/adapters/transclip.cpp has the formulas.
#pragma once

#include <trefoil/support.h>

#include <cstdint>
#include <functional>

#include "../../shared/workers.h"
#include "nearest_neighbours.h"
#include "shared_gaussians.h"

namespace adapting {

// The unknowns, and what stays fixed, for one set of queries. All tensors have the rows of the queries, N.
class Transduction {
 public:
  // `nodes` [N + M, D] are the queries, followed by the support images. `log_probabilities` [N, C] are those of the
  // classifier; they are overwritten. The references must outlive this object.
  Transduction(const torch::Tensor& nodes, const trefoil::Support& support, const Neighbours& neighbours,
               torch::Tensor log_probabilities, double lambda, double gamma, parallel::Workers& workers);

  // Returns log z [N, C] after `steps` outer steps. Calls progress(done, total) from the calling thread.
  torch::Tensor solve(std::int64_t steps, const std::function<void(std::int64_t, std::int64_t)>& progress);

 private:
  void set_first_means(const trefoil::Support& support, const torch::Tensor& log_probabilities);
  void take_neighbours(const Neighbours& neighbours, const trefoil::Support& support);
  void fit_gaussians();
  void weigh_densities();
  void update_classes(bool takes_logarithm);
  void for_each_block(const std::function<void(std::int64_t first, std::int64_t size)>& use) const;

  torch::Tensor rows_;      // [N, D]
  torch::Tensor own_;       // [N, C]  λ log ŷ, and what neighbours among the support images add
  torch::Tensor evidence_;  // [N, C]  own_ + log p
  torch::Tensor classes_;   // [N, C]  z
  torch::Tensor next_;      // [N, C]  z of the next inner step
  torch::Tensor index_;     // [N, k]  int64, neighbours among the queries
  torch::Tensor weights_;   // [N, k]  0 for neighbours that are support images
  Moments labelled_;        // of the support images, times γ/|S|
  SharedGaussians gaussians_;
  parallel::Workers& workers_;
};

// Returns the bytes that `Transduction` needs on some threads, besides `nodes` and the neighbours.
double transduction_bytes(double queries, double neighbours, double classes, double element_bytes, int threads);

}  // namespace adapting
