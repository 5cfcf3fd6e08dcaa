#include "search/kernel.h"

#include <ATen/ops/mm.h>
#include <ATen/ops/zeros.h>

#include <algorithm>

#include "base/errors.h"
#include "runtime/blocks.h"
#include "search/tally.h"
#include "trefoil/support.h"

namespace trefoil::search {

namespace {

constexpr float kNoClass = -1e30F;    // a logit too low to weigh
constexpr float kMostWeight = 1e30F;  // beyond it sums over keys may overflow

std::size_t index(std::int64_t number) { return static_cast<std::size_t>(number); }

// One query under one pair of β and γ: its logits are base + α · evidence.
struct Judged {
  std::int64_t query;
  std::size_t pair;
  const float* base;      // [class lanes], as the next
  const float* evidence;  // of the cache
  std::int64_t classes;   // class lanes
  std::int64_t own;       // place of the right class

  RightInterval right() const { return right_interval(base, evidence, classes, own); }

  float loss(double alpha, Metric metric) const {
    const auto factor = static_cast<float>(alpha);
    if (metric != Metric::accuracy) return soft_loss(base, evidence, factor, classes, own, metric);
    const RightInterval interval = right();
    return interval.from < factor && factor < interval.to ? 0.0F : 1.0F;
  }
};

}  // namespace

struct Kernel::Block {
  torch::Tensor similarity;  // [n, key lanes]
  torch::Tensor base;        // [n, class lanes]
  torch::Tensor labels;      // [n]
};

Kernel::Kernel(const Trial& trial, int threads) : trial_(trial), threads_(threads), layout_(trial.classifier) {
  const Classifier& classifier = trial.classifier;
  if (classifier.key_count() > 0) keys_ = layout_.by_key(classifier.keys.t()).contiguous();
  torch::Tensor bias =
      classifier.bias.defined() ? classifier.bias : torch::zeros({classifier.class_count()}, classifier.text.options());
  bias_ = layout_.by_class(bias.unsqueeze(0), kNoClass).squeeze(0);
  if (!trial.base.defined()) text_ = layout_.by_class((classifier.text * classifier.logit_scale).t(), 0).contiguous();
}

std::int64_t Kernel::block_size() const {
  constexpr std::int64_t kNumbers = std::int64_t{1} << 20U;  // similarities and logits of a block: 4 MiB
  return std::clamp<std::int64_t>(kNumbers / (layout_.key_lanes() + layout_.class_lanes()), 8, 64);
}

Kernel::Block Kernel::block(std::int64_t first, std::int64_t count) const {
  const Classifier& classifier = trial_.classifier;
  const data::QueryBlock read = trial_.queries->read(first, count);
  Block result{{}, {}, read.labels};
  result.base = trial_.base.defined() ? layout_.by_class(trial_.base.slice(0, first, first + count), kNoClass)
                                      : read.features.mm(text_).add_(bias_);
  if (classifier.key_count() == 0) return result;
  torch::Tensor kept =
      classifier.channels.defined() ? read.features.index_select(1, classifier.channels) : read.features;
  if (classifier.renormalise) kept = unit_rows(kept);
  result.similarity = kept.mm(keys_);
  return result;
}

std::vector<torch::Tensor> Kernel::weights(const std::vector<double>& gammas) const {
  std::vector<torch::Tensor> all;
  if (trial_.classifier.key_count() == 0) return std::vector<torch::Tensor>(gammas.size(), torch::zeros({0}));
  for (const double gamma : gammas) {
    Classifier weighed = trial_.classifier;
    weighed.gamma = gamma;
    const torch::Tensor weight = effective_weight(weighed);
    if (!(weight.abs() < kMostWeight).all().item<bool>()) {
      throw Error(ExitCode::configuration, "γ = " + std::to_string(gamma) +
                                               " is too large to search: exp(γ · divergence) " +
                                               "weighs some key with more than 1e30; lower relation.gamma in [search]");
    }
    all.push_back(layout_.by_key(weight.unsqueeze(0)).squeeze(0));
  }
  return all;
}

template <typename Visit>
void Kernel::for_each_pair(std::int64_t first, std::int64_t count, const std::vector<double>& betas,
                           const std::vector<torch::Tensor>& weights, Visit visit) const {
  const Block rows = block(first, count);
  const std::int64_t key_lanes = layout_.key_lanes();
  const bool are_keys = trial_.own_key.defined();
  std::vector<float> affinity(index(key_lanes));
  std::vector<float> evidence(index(layout_.class_lanes()));
  for (std::int64_t row = 0; row < count; ++row) {
    const float* similarity = key_lanes > 0 ? rows.similarity.data_ptr<float>() + row * key_lanes : nullptr;
    const float* base = rows.base.data_ptr<float>() + row * layout_.class_lanes();
    const std::int64_t query = first + row;
    const std::int64_t own = layout_.class_place(rows.labels.data_ptr<std::int64_t>()[row]);
    const std::int64_t own_key = are_keys ? layout_.key_place(trial_.own_key.data_ptr<std::int64_t>()[query]) : 0;
    const float own_gain = are_keys ? trial_.own_gain.data_ptr<float>()[query] : 1;
    std::size_t pair = 0;
    for (const double beta : betas) {
      affinities(similarity, static_cast<float>(beta), key_lanes, affinity.data());
      if (are_keys) affinity[index(own_key)] = 0;
      for (const torch::Tensor& weight : weights) {
        class_evidence(affinity.data(), weight.data_ptr<float>(), layout_.slots(), layout_.class_lanes(),
                       evidence.data());
        evidence[index(own)] *= own_gain;
        visit(Judged{query, pair++, base, evidence.data(), layout_.class_lanes(), own});
      }
    }
  }
}

Surface Kernel::surface(const Grid& grid, Metric metric, const std::vector<float>& reference,
                        const Progress& progress) const {
  const std::vector<torch::Tensor> weight = weights(grid.gammas);
  const auto work = [&](std::int64_t first, std::int64_t count) {
    Tally tally(grid, metric, !reference.empty());
    for_each_pair(first, count, grid.betas, weight, [&](const Judged& judged) {
      const float* against = reference.empty() ? nullptr : &reference[index(judged.query)];
      if (metric == Metric::accuracy) {
        tally.add(judged.pair, judged.right(), against);
        return;
      }
      for (std::size_t i = 0; i < grid.alphas_per_pair(); ++i) {
        const float loss = judged.loss(grid.alphas_of(judged.pair)[i], metric);
        tally.add(judged.pair * grid.alphas_per_pair() + i, loss, against);
      }
    });
    return std::make_pair(std::move(tally), first + count);
  };
  Tally total(grid, metric, !reference.empty());
  const std::int64_t queries = trial_.queries->count();
  runtime::in_blocks(queries, block_size(), threads_, work, [&](const std::pair<Tally, std::int64_t>& part) {
    total.add(part.first);
    progress(part.second, queries);
  });
  return total.surface(queries);
}

std::vector<float> Kernel::losses(double alpha, double beta, double gamma, Metric metric) const {
  const std::vector<torch::Tensor> weight = weights({gamma});
  const auto work = [&](std::int64_t first, std::int64_t count) {
    std::vector<float> part;
    for_each_pair(first, count, {beta}, weight,
                  [&](const Judged& judged) { part.push_back(judged.loss(alpha, metric)); });
    return part;
  };
  std::vector<float> all;
  runtime::in_blocks(trial_.queries->count(), block_size(), threads_, work,
                     [&](const std::vector<float>& part) { all.insert(all.end(), part.begin(), part.end()); });
  return all;
}

std::vector<std::vector<RightInterval>> Kernel::intervals(const std::vector<double>& betas,
                                                          const std::vector<double>& gammas) const {
  const std::vector<torch::Tensor> weight = weights(gammas);
  const std::size_t pairs = betas.size() * gammas.size();
  const auto work = [&](std::int64_t first, std::int64_t count) {
    std::vector<RightInterval> part;  // [n][pairs]
    part.reserve(index(count) * pairs);
    for_each_pair(first, count, betas, weight, [&](const Judged& judged) { part.push_back(judged.right()); });
    return part;
  };
  std::vector<std::vector<RightInterval>> all(pairs);
  runtime::in_blocks(trial_.queries->count(), block_size(), threads_, work,
                     [&](const std::vector<RightInterval>& part) {
                       for (std::size_t i = 0; i < part.size(); ++i) all[i % pairs].push_back(part[i]);
                     });
  return all;
}

}  // namespace trefoil::search
