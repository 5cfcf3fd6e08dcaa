// Adapts classifiers with built-in adapters in tests.
#pragma once

#include <memory>
#include <string>

#include "support/plugins.h"
#include "trefoil/adapter.h"

namespace tests {

// Queries in memory.
class MemoryQueries final : public trefoil::Queries {
 public:
  explicit MemoryQueries(torch::Tensor rows) : rows_(std::move(rows)) {}

  std::int64_t count() const override { return rows_.size(0); }
  std::int64_t width() const override { return rows_.size(1); }
  torch::Tensor read(std::int64_t first, std::int64_t count) const override { return rows_.narrow(0, first, count); }

 private:
  torch::Tensor rows_;
};

// The classifier of the texts alone.
trefoil::Classifier zero_shot(const trefoil::Support& support);

std::unique_ptr<trefoil::Plugin> make_adapter(const std::string& name, Overrides overrides = {});

// The logits [N, C] of the classifier after an adapter has adapted it to the queries [N, D].
torch::Tensor adapted_logits(const std::string& name, const trefoil::Classifier& classifier,
                             const trefoil::Support& support, const torch::Tensor& rows, Overrides overrides = {},
                             int threads = 2);

}  // namespace tests
