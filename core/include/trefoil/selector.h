/// @file
/// Selector: scores the feature channels. The host keeps the `q` best, so that every selector is ablated alike.
#pragma once

#include "trefoil/descriptor.h"
#include "trefoil/support.h"
#include "trefoil/tensor.h"

namespace trefoil {

/// The interface of a selector. Called from one thread; it may use the Host. The support's tensors share the host's
/// memory and must stay as they are: work on clones.
class Selector : public Plugin {
 public:
  static constexpr PluginKind kind = PluginKind::selector;  ///< for TREFOIL_SELECTOR

  ~Selector() override;  ///< in the core, so that all libraries share one type

  /// -> score [D], float32 or float64, on the CPU, finite; larger is better. The host owns `q` and breaks ties by the
  /// lower channel. Must not depend on the number of threads. Throw std::exception to refuse, with a message the user
  /// can act on.
  virtual torch::Tensor score(const Support& support) const = 0;
};

}  // namespace trefoil

/// TREFOIL_SELECTOR(Class, "name", "version", "one-line summary" [, array of Parameter]), once at the end of the
/// source, outside namespaces. Class derives from trefoil::Selector.
#define TREFOIL_SELECTOR(Class, ...) TREFOIL_PLUGIN(trefoil::Selector, Class, __VA_ARGS__)
