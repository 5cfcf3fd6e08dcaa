// An adapter that is wrong in the way that its parameter chooses.
#include <ATen/ops/full.h>
#include <trefoil/adapter.h>

#include <limits>
#include <stdexcept>
#include <string>

namespace {

constexpr trefoil::Parameter kParameters[] = {
    trefoil::parameter::choice("how",
                               "throws|no_text|bias|rows|logits_shape|logits_nan|logits_throw|assumption|too_few|again",
                               "what goes wrong"),
};

class Misbehaving final : public trefoil::Adapter {
 public:
  explicit Misbehaving(const trefoil::Parameters& parameters) : how_(parameters.text("how")) {}

  trefoil::Adapted adapt(const trefoil::Classifier& classifier, const trefoil::Support& support,
                         const trefoil::Channels& /*channels*/, const trefoil::Queries& queries) const override {
    static int calls = 0;
    if (how_ == "throws") throw std::runtime_error("adapt does not like it");
    if (how_ == "no_text") return {};
    if (how_ == "rows") queries.read(queries.count() - 1, 2);
    trefoil::Adapted adapted{classifier, {}};
    if (how_ == "bias") adapted.classifier.bias = torch::full({1}, 0, support.text.options());
    if (how_ == "again")
      adapted.classifier.bias = torch::full({support.class_count()}, ++calls, support.text.options());
    if (how_.rfind("logits", 0) == 0) {
      adapted.logits = [how = how_, classes = support.class_count()](std::int64_t /*first*/, std::int64_t count) {
        if (how == "logits_throw") throw std::runtime_error("logits do not like it");
        return torch::full({count, how == "logits_shape" ? 1 : classes}, std::numeric_limits<float>::quiet_NaN());
      };
    }
    return adapted;
  }

  std::string assumption() const override { return how_ == "assumption" ? "two\nlines" : ""; }
  std::int64_t queries_per_class() const override { return how_ == "too_few" ? 0 : 1; }

 private:
  std::string how_;
};

}  // namespace

TREFOIL_ADAPTER(Misbehaving, "misbehaving", "1.0.0", "does everything wrong", kParameters)
