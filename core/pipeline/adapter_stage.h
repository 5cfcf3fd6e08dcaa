// AdapterStage: the adapter of an experiment or of a saved model. It checks what the plugin returns.
#pragma once

#include <cstdint>
#include <deque>
#include <string>

#include "data/task.h"
#include "pipeline/unlabelled_queries.h"
#include "runtime/plugin_host.h"
#include "trefoil/adapter.h"

namespace trefoil::pipeline {

// It must outlive the results of `adapt`, which may call the plugin. The functions throw PluginError.
class AdapterStage {
 public:
  AdapterStage(const runtime::PluginChoice& adapter, const runtime::RunContext& run);

  // Adapts a classifier that was made from `support` and `channels` to the queries, which must outlive the result. The
  // function `logits` of the result, if it is set, takes rows of `queries`. Rows of images that could not be read have
  // zeros. Throws DataError when a query is invalid.
  Adapted adapt(const Classifier& classifier, const Support& support, const Channels& channels,
                const data::Queries& queries);

  // See trefoil/adapter.h.
  std::string assumption() const;
  std::int64_t queries_per_class() const;

  const std::string& name() const { return name_; }

  // Names the plugin in errors.
  const std::string& plugin_label() const { return adapter_.plugin.label(); }

 private:
  std::string name_;
  runtime::HostedPlugin<Adapter> adapter_;
  std::deque<UnlabelledQueries> queries_;  // what each call of `adapt` has given to the plugin
};

}  // namespace trefoil::pipeline
