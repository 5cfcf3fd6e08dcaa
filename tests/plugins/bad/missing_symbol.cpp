// A plugin that calls an undefined function.
#include <trefoil/selector.h>

namespace lost {
torch::Tensor function_of_another_library(const torch::Tensor& tensor);
}

namespace {

class MissingSymbol final : public trefoil::Selector {
 public:
  torch::Tensor score(const trefoil::Support& support) const override {
    return lost::function_of_another_library(support.text[0]);
  }
};

}  // namespace

TREFOIL_SELECTOR(MissingSymbol, "missing_symbol", "1.0.0", "lacks a function")
