// Label propagation over the nearest neighbours of queries and support images in whitened channels: neighbours get
// similar predictions, and support images give their labels.
//   x = unit((f − g) T) for queries and support images; each has edges to its k nearest, of weight max(cos, 1e-6)^5
//   Y ← a S Y + (1 − a) [P; onehot(labels)], 30 steps, where P are the classifier's probabilities
// S is the symmetric, normalised matrix of the edges (Zhou et al., "Learning with Local and Global Consistency", NIPS
// 2003). Edges by powers of the cosine follow Iscen et al., "Label Propagation for Deep Semi-supervised Learning", CVPR
// 2019. Whitening with the shrunken covariance within classes was measured for this project:
// plugins/adapters/README.md.
#include <trefoil/adapter.h>

#include <algorithm>
#include <cstdint>

#include "../shared/feature_noise.h"
#include "../shared/workers.h"
#include "parts/label_propagation.h"
#include "parts/nearest_neighbours.h"
#include "parts/node_rows.h"
#include "parts/query_logits.h"

namespace {

constexpr trefoil::Parameter kParameters[] = {
    trefoil::parameter::integer("neighbours", 10, {1, 1000},
                                "k, number of nearest images that each image is joined to"),
    trefoil::parameter::real("mix", 0.5, {0, 1},
                             "a, weight of the neighbours' predictions against an image's own; 0: the classifier as it "
                             "is"),
    trefoil::parameter::real("memory", 8, {0.001, 1e6}, "largest memory that may be used, in GiB"),
};

constexpr double kShrinkage = 0.5;           // of the covariance within classes
constexpr std::int64_t kSteps = 30;          // of the propagation
constexpr double kLeastProbability = 1e-30;  // so that its logarithm is finite in float32

class GraphAdapter final : public trefoil::Adapter {
 public:
  explicit GraphAdapter(const trefoil::Parameters& parameters)
      : neighbours_(parameters.integer("neighbours")),
        mix_(parameters.real("mix")),
        memory_(parameters.real("memory")) {}

  trefoil::Adapted adapt(const trefoil::Classifier& classifier, const trefoil::Support& support,
                         const trefoil::Channels& /*channels*/, const trefoil::Queries& queries) const override {
    const std::int64_t nodes = queries.count() + support.image_count();
    if (nodes < 2) return {classifier, {}};  // a single image has no neighbours
    const std::int64_t k = std::min(neighbours_, nodes - 1);
    require_memory(support, queries, k);
    parallel::Workers workers(host().threads());
    const adapting::Graph graph = adapting::graph_of(
        adapting::nearest_neighbours(whitened(support, queries, workers), k, workers,
                                     [this](auto done, auto total) { host().progress(done, 2 * total); }));
    torch::Tensor probabilities = adapting::QueryLogits(classifier, queries, workers, /*most_bytes=*/0).probabilities();
    adapting::propagate(graph, support.labels, mix_, kSteps, workers, probabilities,
                        [this](auto done, auto total) { host().progress(total + done, 2 * total); });
    const torch::Tensor logits = probabilities.clamp_min_(kLeastProbability).log_();
    return {classifier,
            [logits](std::int64_t first, std::int64_t count) { return logits.narrow(/*dim=*/0, first, count); }};
  }

  std::int64_t queries_per_class() const override { return 8; }

 private:
  // Throws when the largest step needs more memory than is allowed.
  void require_memory(const trefoil::Support& support, const trefoil::Queries& queries, std::int64_t k) const {
    const auto count = static_cast<double>(queries.count());
    const double nodes = count + static_cast<double>(support.image_count());
    const auto element = static_cast<double>(support.text.element_size());
    const double found = nodes * static_cast<double>(k) * (sizeof(std::int32_t) + element);
    const double search = nodes * static_cast<double>(support.width()) * element + found;
    const double build = found + adapting::graph_bytes(nodes, static_cast<double>(k));
    const double spread = count * static_cast<double>(support.class_count()) * element +
                          adapting::propagation_bytes(nodes, element) +
                          adapting::graph_bytes(nodes, static_cast<double>(k));
    adapting::require_memory("label propagation", queries, support, std::max({search, build, spread}), memory_);
  }

  // Returns the queries, followed by the support images, in whitened channels: [N + M, D], unit rows. Without support
  // images there is no covariance, and the channels stay as they are.
  static torch::Tensor whitened(const trefoil::Support& support, const trefoil::Queries& queries,
                                parallel::Workers& workers) {
    if (support.image_count() == 0) {
      return adapting::node_rows(queries, support, workers, [](const torch::Tensor& block) { return block; });
    }
    const whitening::FeatureNoise noise =
        whitening::estimate(whitening::measure(support, support.images, support.labels), kShrinkage);
    const torch::Tensor centre = noise.centre.to(support.text.scalar_type());
    const torch::Tensor transform = noise.transform.to(support.text.scalar_type());
    return adapting::node_rows(queries, support, workers, [&](const torch::Tensor& block) {
      return trefoil::unit_rows((block - centre).mm(transform));
    });
  }

  std::int64_t neighbours_;
  double mix_;
  double memory_;
};

}  // namespace

TREFOIL_ADAPTER(GraphAdapter, "graph", "1.0.0",
                "Label propagation among queries and support images that are near each other", kParameters)
