// No selection: every channel is kept.
#include <ATen/ops/ones.h>
#include <trefoil/selector.h>

namespace {

class All final : public trefoil::Selector {
 public:
  torch::Tensor score(const trefoil::Support& support) const override { return torch::ones({support.width()}); }
};

}  // namespace

TREFOIL_SELECTOR(All, "all", "1.0.0", "Keeps every channel")
