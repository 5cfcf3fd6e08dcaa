// Moves the classes' biases so that the frequencies of the predicted probabilities become those that are expected:
//   b_c ← b_c + log π_c − log mean_i softmax(z_i + b)_c   (50 steps from b = 0),   logits z + strength · b
// π is uniform, or comes from a file. A step makes the sums over queries right, and the softmax makes the sums over
// classes 1 again, so this is the iteration of Sinkhorn and Knopp (Pacific J. Math. 21, 1967). It was measured for this
// project: plugins/adapters/README.md.
#include <ATen/ops/full.h>
#include <ATen/ops/zeros.h>
#include <trefoil/adapter.h>

#include <filesystem>
#include <string>

#include "../shared/workers.h"
#include "parts/class_frequencies.h"
#include "parts/query_logits.h"

namespace {

constexpr trefoil::Parameter kParameters[] = {
    trefoil::parameter::real("strength", 0.5, {0, 1},
                             "ρ, how much of the shift is applied; 0: the classifier as it is"),
    trefoil::parameter::path("priors", "",
                             "file with the expected frequency of each class, one number in a line; \"\": classes are "
                             "equally frequent"),
    trefoil::parameter::real("memory", 4, {0, 1e6},
                             "the logits of all queries are kept between the steps if they take at most these GiB, and "
                             "computed again otherwise"),
};

constexpr std::int64_t kSteps = 50;
constexpr double kGiB = 1073741824;
constexpr double kLeastProbability = 1e-300;  // so that its logarithm is finite

class Balanced final : public trefoil::Adapter {
 public:
  explicit Balanced(const trefoil::Parameters& parameters)
      : strength_(parameters.real("strength")),
        priors_(parameters.text("priors")),
        memory_(parameters.real("memory")) {}

  trefoil::Adapted adapt(const trefoil::Classifier& classifier, const trefoil::Support& support,
                         const trefoil::Channels& /*channels*/, const trefoil::Queries& queries) const override {
    const torch::Tensor shift = (shift_of(classifier, queries) * strength_).to(support.text.scalar_type());
    host().metric("largest_shift", shift.abs().max().item<double>());
    return {shifted(classifier, shift), {}};
  }

  std::string assumption() const override {
    return priors_.empty() ? "classes are equally frequent"
                           : "classes have the frequencies in " + std::filesystem::path(priors_).filename().string();
  }

 private:
  // Returns b [C], float64.
  torch::Tensor shift_of(const trefoil::Classifier& classifier, const trefoil::Queries& queries) const {
    const std::int64_t classes = classifier.class_count();
    const torch::Tensor expected = priors_.empty()
                                       ? torch::full({classes}, 1.0 / static_cast<double>(classes), torch::kDouble)
                                       : adapting::read_frequencies(priors_, classes);
    parallel::Workers workers(host().threads());
    const adapting::QueryLogits logits(classifier, queries, workers, memory_ * kGiB);
    torch::Tensor shift = torch::zeros({classes}, torch::kDouble);
    for (std::int64_t step = 0; step < kSteps; ++step) {
      shift += (expected / logits.mean_probabilities(shift).clamp_min(kLeastProbability)).log();
      host().progress(step + 1, kSteps);
    }
    return shift;
  }

  static trefoil::Classifier shifted(trefoil::Classifier classifier, const torch::Tensor& shift) {
    if (classifier.custom_logits) {
      classifier.custom_logits = [inner = classifier.custom_logits, shift](const trefoil::Classifier& self,
                                                                           const torch::Tensor& query) {
        return inner(self, query) + shift.to(query.device());
      };
    } else {
      classifier.bias = classifier.bias.defined() ? classifier.bias + shift : shift;
    }
    return classifier;
  }

  double strength_;
  std::string priors_;
  double memory_;
};

}  // namespace

TREFOIL_ADAPTER(Balanced, "balanced", "1.0.0",
                "Shifts the logits so that predicted classes are as frequent as expected", kParameters)
