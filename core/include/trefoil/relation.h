/// @file
/// Relation: relates test image, text and cached images, that is, builds the classifier out of the support.
#pragma once

#include "trefoil/channels.h"
#include "trefoil/classifier.h"
#include "trefoil/descriptor.h"
#include "trefoil/support.h"

namespace trefoil {

/// The interface of a relation. Called from one thread; it may use the Host. The support's tensors share the host's
/// memory and must stay as they are; a classifier may hold them as its own.
class Relation : public Plugin {
 public:
  static constexpr PluginKind kind = PluginKind::relation;  ///< for TREFOIL_RELATION

  ~Relation() override;  ///< in the core, so that all libraries share one type

  /// -> a classifier over the support's C classes and D channels: on the CPU, of the support's type, finite. Its
  /// strengths are read from parameters called `alpha`, `beta` and `gamma` where it has them, and put into the fields
  /// of the same name; they decide nothing else, because the host sets these fields itself when it searches. It may
  /// ignore `channels`; the log warns when its keys then hold another number of channels than were kept (Tip-Adapter).
  /// Where the text is the support's, and the keys, if any, are the support images in their order and without weights,
  /// images can be left out one by one when parameters are searched; for any other classifier the host relates anew,
  /// once for each shot that it leaves out. Throw std::exception to refuse, with a message the user can act on.
  virtual Classifier relate(const Support& support, const Channels& channels) const = 0;
};

}  // namespace trefoil

/// TREFOIL_RELATION(Class, "name", "version", "one-line summary" [, array of Parameter]), once at the end of the
/// source, outside namespaces. Class derives from trefoil::Relation.
#define TREFOIL_RELATION(Class, ...) TREFOIL_PLUGIN(trefoil::Relation, Class, __VA_ARGS__)
