/// @file
/// Relation: builds the classifier from the support; it relates test image, texts and cached images.
#pragma once

#include "trefoil/channels.h"
#include "trefoil/classifier.h"
#include "trefoil/descriptor.h"
#include "trefoil/support.h"

namespace trefoil {

/// The interface of a relation. The host calls it from one thread. It may use the Host. The support's tensors share
/// memory with the host: never change them in place. The classifier may hold the same tensors.
class Relation : public Plugin {
 public:
  static constexpr PluginKind kind = PluginKind::relation;  ///< used by TREFOIL_RELATION

  ~Relation() override;  ///< defined in the core, so that all libraries share one type

  /// Returns a classifier for the support's C classes and D channels: on the CPU, of the support's type, and finite. To
  /// report an error, throw an exception derived from std::exception, with a message that tells the user what to do.
  ///
  /// Cache hyper-parameters: a relation that has parameters called `alpha`, `beta` or `gamma` must copy them to the
  /// fields of the same name and use them for nothing else, because a search sets these fields itself.
  ///
  /// Channels: a relation may ignore `channels`, as Tip-Adapter does. The log then warns that the keys do not have the
  /// selected number of channels.
  ///
  /// Leave-one-out search: it is exact and fast if `text` is the support's text, and the keys, if any, are the support
  /// images in their order, without weights and `values`, or if the relation overrides `leave_one_out`. Otherwise the
  /// host calls `relate` again for each shot that it leaves out.
  virtual Classifier relate(const Support& support, const Channels& channels) const = 0;

  /// Returns leave-one-out logits for the search of parameters: [M, C], float32 or float64, on the CPU. Row m has the
  /// logits of image m, computed by the classifier that `relate` builds without image m. What the labels of the other
  /// images of its class add to the logit of this class is multiplied by own_gain[m]. own_gain [M] is float64; the host
  /// passes n/(n−1) for an image whose class has n images, to make up for the image that is left out, or 1.
  ///
  /// Override this only if the relation can compute the logits without building M classifiers, and ignores `channels`,
  /// because image m may have influenced their selection. The row of an image that is the only one of its class is not
  /// used; it must be finite. May not use the Host. The host does not call it if it searches `alpha`, `beta` or
  /// `gamma`. The default returns an undefined tensor.
  virtual torch::Tensor leave_one_out(const Support& support, const torch::Tensor& own_gain) const;

  /// Sets `custom_logits` of a classifier that `relate` has returned, and of which a file holds only the other fields.
  /// Override this if the logits depend only on these fields and on the plugin's parameters; the model of a run is then
  /// saved. May not use the Host. The default does nothing.
  virtual void restore(Classifier& classifier) const;
};

}  // namespace trefoil

/// Exports a relation: TREFOIL_RELATION(Class, "name", "version", "one-line summary" [, array of Parameter]). Use it
/// once, at the end of the source, outside all namespaces. Class derives from trefoil::Relation.
#define TREFOIL_RELATION(Class, ...) TREFOIL_PLUGIN(trefoil::Relation, Class, __VA_ARGS__)
