// A selector of somebody else: built against the installed package, outside the tree.
#include <ATen/ops/arange.h>
#include <trefoil/selector.h>

namespace {

constexpr trefoil::Parameter kParameters[] = {
    trefoil::parameter::boolean("last", false, "keep the last channels instead of the first"),
};

class FirstChannels final : public trefoil::Selector {
 public:
  explicit FirstChannels(const trefoil::Parameters& parameters) : last_(parameters.boolean("last")) {}

  torch::Tensor score(const trefoil::Support& support) const override {
    host().metric("width", static_cast<double>(support.width()));
    const torch::Tensor position = torch::arange(support.width(), torch::kDouble);
    return last_ ? position : -position;
  }

 private:
  bool last_;
};

}  // namespace

TREFOIL_SELECTOR(FirstChannels, "first_channels", "1.0.0", "Keeps the first channels", kParameters)
