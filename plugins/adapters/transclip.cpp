// TransCLIP (Zanella, Gérin, Ben Ayed, "Boosting Vision-Language Models with Transduction", NeurIPS 2024), written from
// the paper. The features of a class are a Gaussian, of density p, and all classes have one diagonal Σ. Images that are
// near each other get similar classes z, and z stays near the classifier's probabilities ŷ. Queries Q, support S:
//   z_i ← softmax(λ log ŷ_i + log p_i + Σ_j w_ij z_j), 5 times; w_ij = max(0, f_iᵀ f_j) for the k nearest; S: z =
//   labels μ_k ← (γ/|S| Σ_S z_ik f_i + 1/|Q| Σ_Q z_ik f_i) / (γ/|S| Σ_S z_ik + 1/|Q| Σ_Q z_ik) Σ   ← (γ/|S| Σ_S Σ_k
//   z_ik (f_i − μ_k)² + 1/|Q| Σ_Q Σ_k z_ik (f_i − μ_k)²) / (γ + 1), without support: γ = 0
// all of it 10 times. It begins with z = ŷ, Σ = 1/D, and μ_k the mean of the support images, or, where there are none,
// of the 8 queries of the largest ŷ_ik. The paper's objective divides log p_i by |Q|, and its update of z does not:
// this is the update. plugins/adapters/README.md has the accuracy of both.
#include <trefoil/adapter.h>

#include <algorithm>
#include <cstdint>

#include "../shared/workers.h"
#include "parts/nearest_neighbours.h"
#include "parts/node_rows.h"
#include "parts/query_logits.h"
#include "parts/transduction.h"

namespace {

constexpr trefoil::Parameter kParameters[] = {
    trefoil::parameter::integer("neighbours", 3, {1, 1000},
                                "k, number of nearest images whose classes an image takes into account"),
    trefoil::parameter::real("lambda", 1, {0, 1000}, "λ, weight of the classifier's own probabilities"),
    trefoil::parameter::real("gamma", 0.2, {0, 1e6},
                             "γ, weight of all support images against all queries in the means and variances"),
    trefoil::parameter::real("memory", 8, {0.001, 1e6}, "largest memory that may be used, in GiB"),
};

constexpr std::int64_t kSteps = 10;

class TransClip final : public trefoil::Adapter {
 public:
  explicit TransClip(const trefoil::Parameters& parameters)
      : neighbours_(parameters.integer("neighbours")),
        lambda_(parameters.real("lambda")),
        gamma_(parameters.real("gamma")),
        memory_(parameters.real("memory")) {}

  trefoil::Adapted adapt(const trefoil::Classifier& classifier, const trefoil::Support& support,
                         const trefoil::Channels& /*channels*/, const trefoil::Queries& queries) const override {
    const std::int64_t nodes = queries.count() + support.image_count();
    if (nodes < 2) return {classifier, {}};  // a single image has no neighbours
    const std::int64_t k = std::min(neighbours_, nodes - 1);
    adapting::require_memory("TransCLIP", queries, support, bytes(support, queries, k, host().threads()), memory_);
    parallel::Workers workers(host().threads());
    const torch::Tensor rows =
        adapting::node_rows(queries, support, workers, [](const torch::Tensor& block) { return block; });
    const adapting::Neighbours neighbours = adapting::nearest_neighbours(
        rows, k, workers, [this](auto done, auto total) { host().progress(done, 2 * total); });
    adapting::Transduction transduction(
        rows, support, neighbours,
        adapting::QueryLogits(classifier, queries, workers, /*most_bytes=*/0).log_probabilities(), lambda_, gamma_,
        workers);
    const torch::Tensor logits =
        transduction.solve(kSteps, [this](auto done, auto total) { host().progress(total + done, 2 * total); });
    return {classifier,
            [logits](std::int64_t first, std::int64_t count) { return logits.narrow(/*dim=*/0, first, count); }};
  }

  std::int64_t queries_per_class() const override { return 8; }

 private:
  static double bytes(const trefoil::Support& support, const trefoil::Queries& queries, std::int64_t k, int threads) {
    const auto count = static_cast<double>(queries.count());
    const double nodes = count + static_cast<double>(support.image_count());
    const auto element = static_cast<double>(support.text.element_size());
    return nodes * static_cast<double>(support.width()) * element +
           nodes * static_cast<double>(k) * (sizeof(std::int32_t) + element) +
           adapting::transduction_bytes(count, static_cast<double>(k), static_cast<double>(support.class_count()),
                                        element, threads);
  }

  std::int64_t neighbours_;
  double lambda_;
  double gamma_;
  double memory_;
};

}  // namespace

TREFOIL_ADAPTER(TransClip, "transclip", "1.0.0",
                "A Gaussian for each class, fitted to all queries, together with their neighbours (TransCLIP)",
                kParameters)
