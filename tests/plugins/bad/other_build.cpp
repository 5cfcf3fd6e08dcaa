// A plugin whose descriptor claims a build with another LibTorch.
#include <trefoil/selector.h>

namespace {

class Selector final : public trefoil::Selector {
 public:
  torch::Tensor score(const trefoil::Support& support) const override { return support.text[0]; }
};

constexpr trefoil::PluginDescriptor changed() {
  auto descriptor = trefoil::detail::describe<trefoil::Selector, Selector>("other_build", "1.0.0", "built elsewhere");
  descriptor.build.libtorch = "0.4.1";
  return descriptor;
}

}  // namespace

extern "C" {
extern __attribute__((visibility("default"))) const trefoil::PluginDescriptor trefoil_plugin_v6;
constexpr trefoil::PluginDescriptor trefoil_plugin_v6 = changed();
}
