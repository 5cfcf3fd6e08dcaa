// my_head: trains the classifier that the relation has built.
//
// Replace this example by your own method. It moves the text of each class towards the mean of its images and keeps the
// length of the text.
#include <trefoil/head.h>

namespace {

constexpr trefoil::Parameter kParameters[] = {
    trefoil::parameter::searched(
        trefoil::parameter::real("step", 0.2, {0, 1}, "fraction of the way to the mean image; 0: no change"),
        {0, 0.5, 6, false}),
};

class MyHead final : public trefoil::Head {
 public:
  explicit MyHead(const trefoil::Parameters& parameters) : step_(parameters.real("step")) {}

  // Returns the trained classifier. `support` has the training images; a head never sees queries.
  trefoil::Classifier train(const trefoil::Classifier& start, const trefoil::Support& support,
                            const trefoil::Channels& /*channels*/) const override {
    const torch::Tensor sums = trefoil::class_sums(support.images, support.labels, support.class_count());
    const torch::Tensor means = trefoil::unit_rows(sums);                              // [C, D]
    const torch::Tensor has_images = sums.norm(2, /*dim=*/1, /*keepdim=*/true).gt(0);  // [C, 1]
    const torch::Tensor length = start.text.norm(2, /*dim=*/1, /*keepdim=*/true);
    const torch::Tensor moved = trefoil::unit_rows(start.text * (1 - step_) + means * length * step_) * length;
    trefoil::Classifier trained = start;  // shares tensors with the host: never change one in place
    trained.text = moved.where(has_images, start.text);
    host().metric("moved", (trained.text - start.text).norm().item<double>());  // written to summary.json
    return trained;
  }

 private:
  double step_;
};

}  // namespace

TREFOIL_HEAD(MyHead, "my_head", "1.0.0", "Moves texts towards the mean images of their classes", kParameters)
