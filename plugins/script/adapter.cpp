// Adapter `script`: the probabilities of all queries are changed by a function in the experiment file.
#include <trefoil/adapter.h>

#include <stdexcept>
#include <string>

#include "../adapters/parts/query_logits.h"
#include "../shared/workers.h"
#include "mistake.h"
#include "program.h"

namespace {

constexpr trefoil::Parameter kParameters[] = {
    trefoil::parameter::program(script::kCode,
                                "TorchScript that defines adapt(probabilities, features, text, images, labels, …) -> "
                                "Tensor, the new probabilities of all queries"),
};

constexpr double kLeastProbability = 1e-30;  // so that its logarithm is finite in float32

std::shared_ptr<const script::Program> program_of(const trefoil::Parameters& parameters) {
  static const std::vector<script::Function> kFunctions = {{"adapt",
                                                            {{"probabilities", "Tensor"},
                                                             {"features", "Tensor"},
                                                             {"text", "Tensor"},
                                                             {"images", "Tensor"},
                                                             {"labels", "Tensor"},
                                                             {"seed", "int"}},
                                                            {"Tensor"}}};
  return script::Program::of(parameters.text(script::kCode), kFunctions);
}

class ScriptAdapter final : public trefoil::Adapter {
 public:
  static trefoil::ParameterList declare(const trefoil::Parameters& given) { return program_of(given)->parameters(); }

  explicit ScriptAdapter(const trefoil::Parameters& parameters)
      : parameters_(parameters), program_(program_of(parameters)) {}

  trefoil::Adapted adapt(const trefoil::Classifier& classifier, const trefoil::Support& support,
                         const trefoil::Channels& /*channels*/, const trefoil::Queries& queries) const override {
    parallel::Workers workers(host().threads());
    const adapting::QueryLogits logits_of_queries(classifier, queries, workers, /*most_bytes=*/0);
    const script::Program::Values given = {{"probabilities", logits_of_queries.probabilities()},
                                           {"features", queries.read(0, queries.count())},
                                           {"text", classifier.text},
                                           {"images", support.images},
                                           {"labels", support.labels},
                                           {"seed", static_cast<std::int64_t>(host().seed())}};
    const torch::Tensor adapted = program_->call(given, parameters_, &host()).front();
    require_probabilities(adapted, queries.count(), classifier.class_count());
    const torch::Tensor logits = adapted.clamp_min(kLeastProbability).log();
    return {classifier,
            [logits](std::int64_t first, std::int64_t count) { return logits.narrow(/*dim=*/0, first, count); }};
  }

 private:
  static void require_probabilities(const torch::Tensor& adapted, std::int64_t count, std::int64_t classes) {
    if (adapted.dim() != 2 || adapted.size(0) != count || adapted.size(1) != classes || !adapted.is_floating_point()) {
      throw std::invalid_argument("the function returned a tensor of another shape or type; expected probabilities [" +
                                  std::to_string(count) + ", " + std::to_string(classes) + "]");
    }
    if (!adapted.isfinite().all().item<bool>() || (adapted < 0).any().item<bool>()) {
      throw std::invalid_argument(
          "the probabilities that the function returned hold a NaN, an infinity or a negative number");
    }
  }

  trefoil::Parameters parameters_;
  std::shared_ptr<const script::Program> program_;
};

}  // namespace

TREFOIL_ADAPTER(ScriptAdapter, "script", "1.0.0",
                "Changes the probabilities of all queries by a function in the experiment file (TorchScript)",
                kParameters)
