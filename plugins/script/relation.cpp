// Relation `script`: the classifier is a function in the experiment file. `logits` computes the logits of queries, and
// may be any formula. `keys` returns the cached images in another form, for the formula of trefoil::Classifier.
#include <trefoil/relation.h>

#include <array>
#include <string_view>
#include <utility>

#include "../relations/parameters.h"
#include "mistake.h"
#include "program.h"

namespace {

constexpr trefoil::Parameter kParameters[] = {
    trefoil::parameter::program(
        script::kCode,
        "TorchScript that defines logits(query, text, images, labels, channels, …) -> Tensor or "
        "keys(text, images, labels, channels, …) -> Tensor, (keys, weight) or (keys, weight, "
        "divergence)"),
};

constexpr trefoil::Parameter kGamma = trefoil::parameter::real(
    "gamma", 0.1, {0, 1e3}, "γ, effect of a cached image's divergence from its class text on its weight");

std::shared_ptr<const script::Program> program_of(const trefoil::Parameters& parameters) {
  static const std::vector<script::Function> kFunctions = {
      {"logits",
       {{"query", "Tensor"}, {"text", "Tensor"}, {"images", "Tensor"}, {"labels", "Tensor"}, {"channels", "Tensor"}},
       {"Tensor"}},
      {"keys",
       {{"text", "Tensor"}, {"images", "Tensor"}, {"labels", "Tensor"}, {"channels", "Tensor"}, {"seed", "int"}},
       {"Tensor", "Tuple[Tensor, Tensor]", "Tuple[Tensor, Tensor, Tensor]"}}};
  return script::Program::of(parameters.text(script::kCode), kFunctions);
}

// The names of the fields that a search changes without calling the relation again.
constexpr std::array<std::pair<const char*, double trefoil::Classifier::*>, 3> kCacheHyperparameters = {
    {{"alpha", &trefoil::Classifier::alpha},
     {"beta", &trefoil::Classifier::beta},
     {"gamma", &trefoil::Classifier::gamma}}};

// Gives an argument with the name of a cache hyper-parameter the bounds and the search range of the built-in relations.
trefoil::Parameter with_range(trefoil::Parameter argument) {
  for (const trefoil::Parameter& known : {relations::kAlpha, relations::kBeta, kGamma}) {
    if (std::string_view(known.name) != argument.name) continue;
    if (argument.type != trefoil::ParameterType::real) {
      throw script::mistake({}, std::string("the argument '") + argument.name + "' must be a float",
                            "a search changes alpha, beta and gamma as real numbers");
    }
    argument.help = known.help;
    argument.bounds = known.bounds;
    argument.search = known.search;
  }
  return argument;
}

class ScriptRelation final : public trefoil::Relation {
 public:
  // With `keys`, the formula's own parameters are those of the built-in relations. With `logits`, every parameter is an
  // argument.
  static trefoil::ParameterList declare(const trefoil::Parameters& given) {
    const auto program = program_of(given);
    trefoil::ParameterList declared;
    if (program->function() == "keys") {
      declared.add(relations::kLogitScale);
      declared.add(relations::kAlpha);
      declared.add(relations::kBeta);
      if (program->result_count() == 3) declared.add(kGamma);
    }
    for (const trefoil::Parameter& argument : program->parameters().all()) declared.add(with_range(argument));
    return declared;
  }

  explicit ScriptRelation(const trefoil::Parameters& parameters)
      : parameters_(parameters), program_(program_of(parameters)) {}

  trefoil::Classifier relate(const trefoil::Support& support, const trefoil::Channels& channels) const override {
    trefoil::Classifier classifier;
    classifier.text = support.text;
    for (const auto& [name, field] : kCacheHyperparameters) {
      if (parameters_.values().count(name) > 0) classifier.*field = parameters_.real(name);
    }
    if (program_->takes("channels")) classifier.channels = channels.index;
    if (program_->function() == "keys") {
      add_keys(support, channels, classifier);
      return classifier;
    }
    if (program_->takes("images") || program_->takes("labels")) {
      classifier.keys = support.images;
      classifier.labels = support.labels;
    }
    restore(classifier);
    // One query shows mistakes now, on a thread on which an endless loop can be interrupted.
    logits(classifier, support.text.slice(0, 0, 1), &host());
    return classifier;
  }

  void restore(trefoil::Classifier& classifier) const override {
    if (program_->function() != "logits") return;
    classifier.custom_logits = [this](const trefoil::Classifier& self, const torch::Tensor& query) {
      return logits(self, query, nullptr);
    };
  }

 private:
  void add_keys(const trefoil::Support& support, const trefoil::Channels& channels,
                trefoil::Classifier& classifier) const {
    const std::vector<torch::Tensor> found = program_->call({{"text", support.text},
                                                             {"images", support.images},
                                                             {"labels", support.labels},
                                                             {"channels", channels.index},
                                                             {"seed", static_cast<std::int64_t>(host().seed())}},
                                                            parameters_, &host());
    const std::int64_t rows = found.front().dim() == 2 ? found.front().size(0) : -1;
    if (rows > 0 && rows != support.image_count()) {
      throw script::mistake(
          {},
          "'keys' returned " + std::to_string(rows) + " rows for " + std::to_string(support.image_count()) + " images",
          "return one row for each image, in the order of the images");
    }
    classifier.logit_scale = parameters_.real("logit_scale");
    classifier.renormalise = classifier.channels.defined();
    classifier.keys = found.front();
    classifier.labels = support.labels;
    // Without weights, a search by leave-one-out is exact, so weights of 1 are left out.
    if (found.size() > 1 && !found[1].eq(1).all().item<bool>()) classifier.weight = found[1];
    if (found.size() > 2) classifier.divergence = found[2];
  }

  // Returns the logits [n, C] of query [n, D].
  torch::Tensor logits(const trefoil::Classifier& self, const torch::Tensor& query, trefoil::Host* host) const {
    script::Program::Values given = {
        {"query", query}, {"text", self.text}, {"images", self.keys}, {"labels", self.labels}};
    if (self.channels.defined()) given["channels"] = self.channels;
    for (const auto& [name, field] : kCacheHyperparameters) given[name] = self.*field;
    return program_->call(given, parameters_, host).front();
  }

  trefoil::Parameters parameters_;
  std::shared_ptr<const script::Program> program_;
};

}  // namespace

TREFOIL_RELATION(ScriptRelation, "script", "1.0.0",
                 "Builds the classifier by a function in the experiment file (TorchScript)", kParameters)
