// Head `script`: the training is a function in the experiment file.
#include <ATen/ops/zeros.h>
#include <trefoil/head.h>

#include "mistake.h"
#include "program.h"

namespace {

constexpr trefoil::Parameter kParameters[] = {
    trefoil::parameter::program(
        script::kCode,
        "TorchScript that defines train(text, bias, images, labels, …) -> Tensor, the new text, "
        "or (text, bias)"),
};

std::shared_ptr<const script::Program> program_of(const trefoil::Parameters& parameters) {
  static const std::vector<script::Function> kFunctions = {{"train",
                                                            {{"text", "Tensor"},
                                                             {"bias", "Tensor"},
                                                             {"images", "Tensor"},
                                                             {"labels", "Tensor"},
                                                             {"channels", "Tensor"},
                                                             {"logit_scale", "float"},
                                                             {"seed", "int"}},
                                                            {"Tensor", "Tuple[Tensor, Tensor]"}}};
  return script::Program::of(parameters.text(script::kCode), kFunctions);
}

class ScriptHead final : public trefoil::Head {
 public:
  static trefoil::ParameterList declare(const trefoil::Parameters& given) { return program_of(given)->parameters(); }

  explicit ScriptHead(const trefoil::Parameters& parameters)
      : parameters_(parameters), program_(program_of(parameters)) {}

  trefoil::Classifier train(const trefoil::Classifier& start, const trefoil::Support& support,
                            const trefoil::Channels& channels) const override {
    if (start.custom_logits) {
      throw std::invalid_argument(
          "it cannot train a classifier with its own formula: use a relation that sets only fields, such as tip or "
          "ape");
    }
    const torch::Tensor bias =
        start.bias.defined() ? start.bias : torch::zeros({start.class_count()}, start.text.options());
    const script::Program::Values given = {{"text", start.text},
                                           {"bias", bias},
                                           {"images", support.images},
                                           {"labels", support.labels},
                                           {"channels", channels.index},
                                           {"logit_scale", start.logit_scale},
                                           {"seed", static_cast<std::int64_t>(host().seed())}};
    const std::vector<torch::Tensor> trained = program_->call(given, parameters_, &host());
    trefoil::Classifier classifier = start;
    classifier.text = trained.front();
    if (trained.size() > 1) classifier.bias = trained.back();
    return classifier;
  }

 private:
  trefoil::Parameters parameters_;
  std::shared_ptr<const script::Program> program_;
};

}  // namespace

TREFOIL_HEAD(ScriptHead, "script", "1.0.0", "Trains the classifier by a function in the experiment file (TorchScript)",
             kParameters)
