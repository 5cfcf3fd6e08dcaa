// One of two plugins of the same kind and name.
#include <trefoil/selector.h>

namespace {

class Twin final : public trefoil::Selector {
 public:
  torch::Tensor score(const trefoil::Support& support) const override { return support.text[0]; }
};

}  // namespace

TREFOIL_SELECTOR(Twin, "twin", "1.0.0", "is not alone")
