// A relation that is wrong in the way that its parameter chooses.
#include <ATen/ops/full.h>
#include <ATen/ops/zeros.h>
#include <trefoil/relation.h>

#include <limits>
#include <stdexcept>
#include <string>

namespace {

constexpr trefoil::Parameter kParameters[] = {
    trefoil::parameter::choice("how", "no_text|keys|labels|values|infinite_weight|logits_shape|logits_nan|logits_throw",
                               "what goes wrong"),
};

class Misbehaving final : public trefoil::Relation {
 public:
  explicit Misbehaving(const trefoil::Parameters& parameters) : how_(parameters.text("how")) {}

  trefoil::Classifier relate(const trefoil::Support& support, const trefoil::Channels& channels) const override {
    trefoil::Classifier classifier;
    if (how_ == "no_text") return classifier;
    classifier.text = support.text;
    classifier.keys = support.images;
    classifier.labels = support.labels;
    if (how_ == "keys") classifier.channels = channels.index.slice(0, 0, 1);
    if (how_ == "labels") classifier.labels = support.labels + 1;
    if (how_ == "values") classifier.values = torch::zeros({support.image_count(), 1}, support.text.options());
    if (how_ == "infinite_weight") {
      classifier.divergence = torch::full({support.image_count()}, 1000.0, support.text.options());
      classifier.gamma = 10;
    }
    if (how_.rfind("logits", 0) == 0)
      classifier.custom_logits = [how = how_](const trefoil::Classifier& self, const torch::Tensor& query) {
        if (how == "logits_throw") throw std::runtime_error("logits do not like it");
        const std::int64_t columns = how == "logits_shape" ? 1 : self.class_count();
        return torch::full({query.size(0), columns}, std::numeric_limits<float>::quiet_NaN(), query.options());
      };
    return classifier;
  }

 private:
  std::string how_;
};

}  // namespace

TREFOIL_RELATION(Misbehaving, "misbehaving", "1.0.0", "does everything wrong", kParameters)
