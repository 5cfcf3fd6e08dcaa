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
  /// images in their order, without weights. For any other classifier the host calls `relate` again for each shot that
  /// it leaves out.
  virtual Classifier relate(const Support& support, const Channels& channels) const = 0;
};

}  // namespace trefoil

/// Exports a relation: TREFOIL_RELATION(Class, "name", "version", "one-line summary" [, array of Parameter]). Use it
/// once, at the end of the source, outside all namespaces. Class derives from trefoil::Relation.
#define TREFOIL_RELATION(Class, ...) TREFOIL_PLUGIN(trefoil::Relation, Class, __VA_ARGS__)
