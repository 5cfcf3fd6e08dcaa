// Head: trains the classifier that a relation has built, for instance by a residual on its features.
#pragma once

#include "trefoil/channels.h"
#include "trefoil/classifier.h"
#include "trefoil/descriptor.h"
#include "trefoil/support.h"

namespace trefoil {

class Head : public Plugin {
 public:
  static constexpr PluginKind kind = PluginKind::head;

  ~Head() override;

  // `start` is the relation's classifier, `support` and `channels` what it was built from. -> the trained classifier,
  // over the same classes and width, on the CPU, of the support's type, finite. Throw std::exception to refuse. Only
  // the support is here: a head cannot see a query, nor its label.
  virtual Classifier train(const Classifier& start, const Support& support, const Channels& channels) const = 0;

  // For an honest search of parameters: what the head would say of every support image had it been trained without that
  // image. A head that knows this without training M times returns it; it must then leave the cache of `start` as it is
  // (keys, weights, α, β, γ), to which the host itself applies the rule, and must not look at `channels`, which may
  // have been selected with the image. -> [M, C], s·f·textᵀ + bias of the classifier trained without image m, for the
  // image m. Undefined, as here: the host trains one classifier for each shot that it leaves out instead. Images that
  // are their class's only one may have any finite row: they are not judged by.
  virtual torch::Tensor leave_one_out(const Classifier& start, const Support& support, const Channels& channels) const;
};

}  // namespace trefoil

// TREFOIL_HEAD(Class, "name", "version", "one-line summary" [, array of Parameter])
#define TREFOIL_HEAD(Class, ...) TREFOIL_PLUGIN(trefoil::Head, Class, __VA_ARGS__)
