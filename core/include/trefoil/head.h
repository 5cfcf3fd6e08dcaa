/// @file
/// Head: trains the classifier that a relation has built, for instance by a residual on its features.
#pragma once

#include "trefoil/channels.h"
#include "trefoil/classifier.h"
#include "trefoil/descriptor.h"
#include "trefoil/support.h"

namespace trefoil {

/// The interface of a head. Its methods are called from one thread; `train` may use the Host. What they are given
/// belongs to the host: the tensors share its memory and must stay as they are, so work on clones.
class Head : public Plugin {
 public:
  static constexpr PluginKind kind = PluginKind::head;  ///< for TREFOIL_HEAD

  ~Head() override;  ///< in the core, so that all libraries share one type

  /// `start` is the relation's classifier, `support` and `channels` what it was built from. -> the trained classifier,
  /// over the same classes and width, on the CPU, of the support's type, finite. Throw std::exception to refuse. Only
  /// the support is here: a head cannot see a query, nor its label. The result must not depend on the number of
  /// threads. In a search that leaves images out, the host may have given the keys of `start` a weight that stands for
  /// those that are missing.
  virtual Classifier train(const Classifier& start, const Support& support, const Channels& channels) const = 0;

  /// For an honest search of parameters: what the head would say of every support image had it been trained without
  /// that image. A head that knows this without training M times returns it; it must then leave the cache of `start` as
  /// it is (keys, weights, α, β, γ), to which the host itself applies the rule, and must not look at `channels`, which
  /// may have been selected with the image. -> [M, C], float32 or float64, on the CPU: s·f·textᵀ + bias of the
  /// classifier trained without image m, for the image m. Undefined, as here: the host trains one classifier for each
  /// shot that it leaves out instead. Images that are their class's only one may have any finite row: they are not
  /// judged by.
  virtual torch::Tensor leave_one_out(const Classifier& start, const Support& support, const Channels& channels) const;
};

}  // namespace trefoil

/// TREFOIL_HEAD(Class, "name", "version", "one-line summary" [, array of Parameter]), once at the end of the source,
/// outside namespaces. Class derives from trefoil::Head.
#define TREFOIL_HEAD(Class, ...) TREFOIL_PLUGIN(trefoil::Head, Class, __VA_ARGS__)
