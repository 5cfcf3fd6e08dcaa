// my_head: changes the classifier that the relation has built.
//
// So far: moves each class's text a part of the way to the mean of its images, and keeps its length.
#include <trefoil/head.h>

namespace {

constexpr trefoil::Parameter kParameters[] = {
    trefoil::parameter::searched(
        trefoil::parameter::real("step", 0.2, {0, 1}, "how far to move, 0: not at all, 1: all the way"),
        {0, 0.5, 6, false}),
};

class MyHead final : public trefoil::Head {
 public:
  explicit MyHead(const trefoil::Parameters& parameters) : step_(parameters.real("step")) {}

  // Only the support is here: a head sees no query.
  trefoil::Classifier train(const trefoil::Classifier& start, const trefoil::Support& support,
                            const trefoil::Channels& /*channels*/) const override {
    const torch::Tensor sums = trefoil::class_sums(support.images, support.labels, support.class_count());
    const torch::Tensor means = trefoil::unit_rows(sums);                              // [C, D]
    const torch::Tensor has_images = sums.norm(2, /*dim=*/1, /*keepdim=*/true).gt(0);  // [C, 1]
    const torch::Tensor length = start.text.norm(2, /*dim=*/1, /*keepdim=*/true);
    const torch::Tensor moved = trefoil::unit_rows(start.text * (1 - step_) + means * length * step_) * length;
    trefoil::Classifier trained = start;  // tensors are shared: never change one in place
    trained.text = moved.where(has_images, start.text);
    host().metric("moved", (trained.text - start.text).norm().item<double>());  // into summary.json
    return trained;
  }

 private:
  double step_;
};

}  // namespace

TREFOIL_HEAD(MyHead, "my_head", "1.0.0", "Moves texts towards the mean images of their classes", kParameters)
