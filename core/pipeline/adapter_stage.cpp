#include "pipeline/adapter_stage.h"

#include <ATen/ops/zeros.h>

#include <utility>

#include "base/errors.h"
#include "base/text.h"

namespace trefoil::pipeline {

namespace {

using RowLogits = decltype(Adapted::logits);

// Returns a function of the rows of all queries, from one of those that could be read.
RowLogits with_unreadable_rows(RowLogits readable, const UnlabelledQueries& queries, std::int64_t classes,
                               const std::string& label) {
  return [readable = std::move(readable), &queries, classes, label](std::int64_t first, std::int64_t count) {
    const std::int64_t begin = queries.readable_before(first);
    const std::int64_t found = queries.readable_before(first + count) - begin;
    if (found == 0) return torch::zeros({count, classes});
    torch::Tensor logits = readable(begin, found);
    runtime::check_logits(logits, found, classes, label);
    if (found == count) return logits;
    torch::Tensor all = torch::zeros({count, classes}, logits.options());
    for (std::int64_t row = 0; row < count; ++row) {
      const std::int64_t place = queries.readable_before(first + row);
      if (queries.readable_before(first + row + 1) > place) all[row] = logits[place - begin];
    }
    return all;
  };
}

}  // namespace

AdapterStage::AdapterStage(const runtime::PluginChoice& adapter, const runtime::RunContext& run)
    : name_(adapter.plugin->descriptor->name), adapter_(adapter, run) {}

Adapted AdapterStage::adapt(const Classifier& classifier, const Support& support, const Channels& channels,
                            const data::Queries& queries) {
  const UnlabelledQueries& unlabelled = queries_.emplace_back(queries);
  return adapter_.plugin.call("adapt", [&](const Adapter& adapter) {
    Adapted adapted = adapter.adapt(classifier, support, channels, unlabelled);
    runtime::check_classifier(adapted.classifier, support, plugin_label());
    if (adapted.logits) {
      adapted.logits =
          with_unreadable_rows(std::move(adapted.logits), unlabelled, support.class_count(), plugin_label());
    }
    return adapted;
  });
}

std::string AdapterStage::assumption() const {
  return adapter_.plugin.call("assumption", [&](const Adapter& adapter) {
    std::string assumption = adapter.assumption();
    if (base::has_control_character(assumption) || !base::is_utf8(assumption)) {
      throw PluginError("plugin " + plugin_label() + ": its assumption is not one line of UTF-8");
    }
    return assumption;
  });
}

std::int64_t AdapterStage::queries_per_class() const {
  return adapter_.plugin.call("queries_per_class", [&](const Adapter& adapter) {
    const std::int64_t queries = adapter.queries_per_class();
    if (queries < 1) {
      throw PluginError("plugin " + plugin_label() + ": queries_per_class() returned " + std::to_string(queries) +
                        ", expected at least 1");
    }
    return queries;
  });
}

}  // namespace trefoil::pipeline
