// my_adapter: adapts the trained classifier to all queries together, without their labels.
//
// Replace this example by your own method. It moves the text of each class towards the mean of the queries that the
// classifier assigns to it, and keeps the length of the text.
#include <ATen/ops/zeros_like.h>
#include <trefoil/adapter.h>

#include <algorithm>

namespace {

constexpr trefoil::Parameter kParameters[] = {
    trefoil::parameter::real("step", 0.2, {0, 1}, "fraction of the way to the mean query; 0: no change"),
};

constexpr std::int64_t kBlock = 1024;  // queries; there may be more of them than fit into memory

class MyAdapter final : public trefoil::Adapter {
 public:
  explicit MyAdapter(const trefoil::Parameters& parameters) : step_(parameters.real("step")) {}

  // Returns the adapted classifier. `queries` are the images to classify; they have no labels.
  trefoil::Adapted adapt(const trefoil::Classifier& classifier, const trefoil::Support& /*support*/,
                         const trefoil::Channels& /*channels*/, const trefoil::Queries& queries) const override {
    torch::Tensor sums = torch::zeros_like(classifier.text);  // [C, D]
    for (std::int64_t first = 0; first < queries.count(); first += kBlock) {
      const torch::Tensor block = queries.read(first, std::min(kBlock, queries.count() - first));  // [n, D]
      sums += classifier.logits(block).softmax(/*dim=*/1).t().matmul(block);
      host().progress(first, queries.count());
    }
    const torch::Tensor length = classifier.text.norm(2, /*dim=*/1, /*keepdim=*/true);
    const torch::Tensor means = trefoil::unit_rows(sums) * length;
    trefoil::Adapted adapted{classifier, {}};  // shares tensors with the host: never change one in place
    adapted.classifier.text = trefoil::unit_rows(classifier.text * (1 - step_) + means * step_) * length;
    return adapted;
  }

  // The host warns when there are fewer queries for each class on average.
  std::int64_t queries_per_class() const override { return 2; }

 private:
  double step_;
};

}  // namespace

TREFOIL_ADAPTER(MyAdapter, "my_adapter", "1.0.0", "Moves texts towards the mean queries of their classes", kParameters)
