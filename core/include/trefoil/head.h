/// @file
/// Head: trains the classifier that a relation has built, for example by a residual on its features.
#pragma once

#include "trefoil/channels.h"
#include "trefoil/classifier.h"
#include "trefoil/descriptor.h"
#include "trefoil/support.h"

namespace trefoil {

/// The interface of a head. The host calls its methods from one thread. `train` may use the Host. The tensors of the
/// arguments share memory with the host: never change them in place, work on clones.
class Head : public Plugin {
 public:
  static constexpr PluginKind kind = PluginKind::head;  ///< used by TREFOIL_HEAD

  ~Head() override;  ///< defined in the core, so that all libraries share one type

  /// Returns the trained classifier. `start` is the relation's classifier, built from `support` and `channels`. The
  /// result has the same classes and width, is on the CPU, of the support's type, and finite. It must not depend on the
  /// number of threads. A head never receives queries or their labels. To report an error, throw an exception derived
  /// from std::exception, with a message that tells the user what to do; for example, if `start` has `custom_logits` or
  /// `values`, and the head cannot train them. In a leave-one-out search, the host may have set `start.weight` to
  /// compensate for the images that are left out.
  virtual Classifier train(const Classifier& start, const Support& support, const Channels& channels) const = 0;

  /// Returns what `train` returns, for the search of parameters. `similar` is the classifier that this head has trained
  /// with other values of its parameters from the same start, support and channels. Override this if the training can
  /// begin at `similar` and still end where `train` ends, up to rounding: for example, if it minimises a convex
  /// function. The default calls `train`.
  virtual Classifier retrain(const Classifier& similar, const Classifier& start, const Support& support,
                             const Channels& channels) const;

  /// Returns leave-one-out logits for the search of parameters: [M, C], float32 or float64, on the CPU. Row m is
  /// s·f·textᵀ + bias for image m, computed by the classifier trained without image m. Override this only if the head
  /// can compute it without training M times. `train` must then leave the cache of `start` unchanged (keys, labels,
  /// weights, α, β, γ), because the host computes the leave-one-out cache logits itself. The method must not use
  /// `channels`, because image m may have influenced their selection. The row of an image that is the only one of its
  /// class is not used; it must be finite. May not use the Host. The default returns an undefined tensor: the host then
  /// trains one classifier for each shot that it leaves out.
  virtual torch::Tensor leave_one_out(const Classifier& start, const Support& support, const Channels& channels) const;
};

}  // namespace trefoil

/// Exports a head: TREFOIL_HEAD(Class, "name", "version", "one-line summary" [, array of Parameter]). Use it once, at
/// the end of the source, outside all namespaces. Class derives from trefoil::Head.
#define TREFOIL_HEAD(Class, ...) TREFOIL_PLUGIN(trefoil::Head, Class, __VA_ARGS__)
