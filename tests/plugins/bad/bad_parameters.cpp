// A selector that declares a reserved key.
#include <trefoil/selector.h>

namespace {

constexpr trefoil::Parameter kParameters[] = {
    trefoil::parameter::integer("q", 3, {1, 9}, "channels, which the host counts itself")};

class BadParameters final : public trefoil::Selector {
 public:
  torch::Tensor score(const trefoil::Support& support) const override { return support.text[0]; }
};

}  // namespace

TREFOIL_SELECTOR(BadParameters, "bad_parameters", "1.0.0", "declares too much", kParameters)
