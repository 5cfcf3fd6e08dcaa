/// @file
/// Selector: scores the feature channels. The host keeps the `q` channels with the largest scores.
#pragma once

#include "trefoil/descriptor.h"
#include "trefoil/support.h"
#include "trefoil/tensor.h"

namespace trefoil {

/// The interface of a selector. The host calls it from one thread. It may use the Host. The support's tensors share
/// memory with the host: never change them in place, work on clones.
class Selector : public Plugin {
 public:
  static constexpr PluginKind kind = PluginKind::selector;  ///< used by TREFOIL_SELECTOR

  ~Selector() override;  ///< defined in the core, so that all libraries share one type

  /// Returns the scores [D] of the channels: float32 or float64, on the CPU, finite; larger is better. The host reads
  /// `q` from the experiment file and prefers the lower of two channels with equal scores. The result must not depend
  /// on the number of threads. To report an error, throw an exception derived from std::exception, with a message that
  /// tells the user what to do.
  virtual torch::Tensor score(const Support& support) const = 0;
};

}  // namespace trefoil

/// Exports a selector: TREFOIL_SELECTOR(Class, "name", "version", "one-line summary" [, array of Parameter]). Use it
/// once, at the end of the source, outside all namespaces. Class derives from trefoil::Selector.
#define TREFOIL_SELECTOR(Class, ...) TREFOIL_PLUGIN(trefoil::Selector, Class, __VA_ARGS__)
