/// @file
/// Adapter: adapts a trained classifier to all queries of a run together, without their labels (transduction).
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "trefoil/channels.h"
#include "trefoil/classifier.h"
#include "trefoil/descriptor.h"
#include "trefoil/support.h"

namespace trefoil {

/// The features of N queries, D channels. They have no labels. There may be millions of them, and they may be on disk:
/// read blocks of rows. Several threads may read at the same time.
class Queries {
 public:
  virtual ~Queries();  ///< an adapter never owns its queries

  virtual std::int64_t count() const = 0;  ///< N, at least 1
  virtual std::int64_t width() const = 0;  ///< D, as in the support

  /// Returns the rows [first, first + count): [count, D], unit length, of the support's type, on the CPU. Equal calls
  /// give equal rows. Throws std::out_of_range if there are no such rows.
  virtual torch::Tensor read(std::int64_t first, std::int64_t count) const = 0;
};

/// The result of an adapter: an adapted classifier, or a function that computes the logits of the queries.
struct Adapted {
  Classifier classifier;  ///< computes the logits of the queries, unless `logits` is set

  /// Replaces `classifier`, if set, for methods that find logits of these queries only. Returns the logits [count, C]
  /// of the queries [first, first + count): float32 or float64, finite, on the CPU. They may be log-probabilities.
  /// Several threads call it at the same time, so it must not use the Host. It may use the adapter and the queries,
  /// which outlive it.
  std::function<torch::Tensor(std::int64_t first, std::int64_t count)> logits;
};

/// The interface of an adapter. The host calls it once for the queries of a run, after the heads. It says in every
/// output that predictions depend on all queries together. `adapt` may use the Host. The tensors of the arguments share
/// memory with the host: never change them in place.
class Adapter : public Plugin {
 public:
  static constexpr PluginKind kind = PluginKind::adapter;  ///< used by TREFOIL_ADAPTER

  ~Adapter() override;  ///< defined in the core, so that all libraries share one type

  /// Returns the classifier adapted to the queries. `classifier` was made from `support` and `channels`, and is on the
  /// CPU. The adapted classifier has the same classes and width, is on the CPU, of the support's type, and finite.
  /// Results must not depend on the number of threads. To report an error, throw an exception derived from
  /// std::exception, with a message that tells the user what to do.
  virtual Adapted adapt(const Classifier& classifier, const Support& support, const Channels& channels,
                        const Queries& queries) const = 0;

  /// Returns what the adapter assumes about the frequencies of classes among the queries, such as "classes are equally
  /// frequent". The host writes it beside the results. Support images cannot test such an assumption, because their
  /// number per class was chosen, so leave-one-out does not search an adapter that has one. The default returns "":
  /// nothing is assumed. May not use the Host.
  virtual std::string assumption() const;

  /// Returns the number of queries per class below which adapting is more likely to harm than to help. The host warns
  /// when a run has fewer on average, and a search leaves out at least as many images of each class. The default
  /// returns 1. May not use the Host.
  virtual std::int64_t queries_per_class() const;
};

}  // namespace trefoil

/// Exports an adapter: TREFOIL_ADAPTER(Class, "name", "version", "one-line summary" [, array of Parameter]). Use it
/// once, at the end of the source, outside all namespaces. Class derives from trefoil::Adapter.
#define TREFOIL_ADAPTER(Class, ...) TREFOIL_PLUGIN(trefoil::Adapter, Class, __VA_ARGS__)
