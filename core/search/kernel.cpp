#include "search/kernel.h"

#include <ATen/ops/full.h>
#include <ATen/ops/mm.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "base/errors.h"
#include "base/text.h"
#include "runtime/blocks.h"
#include "trefoil/support.h"

namespace trefoil::search {

namespace {

constexpr float kNoClass = -1e30F;    // a logit so low that its softmax is 0
constexpr float kMostWeight = 1e30F;  // sums over keys with larger weights may overflow

std::size_t index(std::int64_t number) { return static_cast<std::size_t>(number); }

// The logits of one query for one pair of β and γ: base + α · cache_logits.
struct QueryLogits {
  std::int64_t query;
  std::size_t pair;
  const float* base;          // [classes]
  const float* cache_logits;  // [classes]
  std::int64_t classes;       // padded
  std::int64_t own;           // position of the right class

  RightInterval right() const { return right_interval(base, cache_logits, classes, own); }

  // Writes the losses of evenly spaced values of α. See soft_losses.
  void losses(const AlphaSteps& alphas, Metric metric, float* ratios, float* result) const {
    soft_losses(base, cache_logits, alphas, classes, own, metric, ratios, result);
  }

  float loss(double alpha, Metric metric) const {
    const auto factor = static_cast<float>(alpha);
    if (metric != Metric::accuracy) return soft_loss(base, cache_logits, factor, classes, own, metric);
    const RightInterval interval = right();
    return interval.from < factor && factor < interval.to ? 0.0F : 1.0F;
  }
};

// The values of α as even steps, if they are evenly spaced.
std::optional<AlphaSteps> even_steps(const Grid& grid) {
  const std::vector<double>& alphas = grid.alphas;
  if (grid.alpha_of_pair || alphas.size() < 3) return std::nullopt;
  const double step = (alphas.back() - alphas.front()) / static_cast<double>(alphas.size() - 1);
  const double most = std::max(std::abs(alphas.front()), std::abs(alphas.back()));
  for (std::size_t i = 0; i < alphas.size(); ++i) {
    if (!(std::abs(alphas.front() + step * static_cast<double>(i) - alphas[i]) <= 1e-9 * most)) return std::nullopt;
  }
  return AlphaSteps{static_cast<float>(alphas.front()), static_cast<float>(step),
                    static_cast<std::int64_t>(alphas.size())};
}

KeyLayout layout_of(const Classifier& classifier) {
  if (classifier.key_count() == 0) return {{}, classifier.class_count()};
  const torch::Tensor labels = classifier.labels.contiguous();
  const auto* first = labels.data_ptr<std::int64_t>();
  return {{first, first + labels.numel()}, classifier.class_count()};
}

// Moves columns [n, k] to their positions [n, width], with `padding` elsewhere.
torch::Tensor at_positions(const torch::Tensor& columns, const std::vector<std::int64_t>& positions, std::int64_t width,
                           float padding) {
  torch::Tensor result = torch::full({columns.size(0), width}, padding, torch::kFloat);
  return result.index_copy_(/*dim=*/1, at::tensor(positions, torch::kLong), columns.to(torch::kFloat));
}

torch::Tensor at_classes(const KeyLayout& layout, const torch::Tensor& columns, float padding) {
  return at_positions(columns, layout.class_positions(), layout.padded_classes(), padding);
}

torch::Tensor at_keys(const KeyLayout& layout, const torch::Tensor& columns) {
  return at_positions(columns, layout.key_positions(), layout.padded_keys(), 0);
}

}  // namespace

struct Kernel::Block {
  torch::Tensor similarity;  // [n, padded keys]
  torch::Tensor base;        // [n, padded classes]
  torch::Tensor labels;      // [n]
};

Kernel::Kernel(const HeldOut& set, int threads) : set_(set), threads_(threads), layout_(layout_of(set.classifier)) {
  const Classifier& classifier = set.classifier;
  if (classifier.key_count() > 0) keys_ = at_keys(layout_, classifier.keys.t()).contiguous();
  torch::Tensor bias =
      classifier.bias.defined() ? classifier.bias : torch::zeros({classifier.class_count()}, classifier.text.options());
  bias_ = at_classes(layout_, bias.unsqueeze(0), kNoClass).squeeze(0);
  if (!set.base_logits.defined()) {
    text_ = at_classes(layout_, (classifier.text * classifier.logit_scale).t(), 0).contiguous();
  }
}

std::int64_t Kernel::block_size() const {
  constexpr std::int64_t kElements = std::int64_t{1} << 20U;  // similarities and logits of a block: 4 MiB
  return std::clamp<std::int64_t>(kElements / (layout_.padded_keys() + layout_.padded_classes()), 8, 64);
}

Kernel::Block Kernel::block(std::int64_t first, std::int64_t count) const {
  const Classifier& classifier = set_.classifier;
  const data::QueryBlock read = set_.queries->read(first, count);
  Block result{{}, {}, read.labels};
  result.base = set_.base_logits.defined()
                    ? at_classes(layout_, set_.base_logits.slice(0, first, first + count), kNoClass)
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
  if (set_.classifier.key_count() == 0) return std::vector<torch::Tensor>(gammas.size(), torch::zeros({0}));
  for (const double gamma : gammas) {
    Classifier weighed = set_.classifier;
    weighed.gamma = gamma;
    const torch::Tensor weight = effective_weight(weighed);
    if (!(weight.abs() < kMostWeight).all().item<bool>()) {
      throw Error(ExitCode::configuration,
                  "relation.gamma = " + base::number_text(gamma) +
                      " is too large to search: the weight of some key, which grows with exp(γ · divergence), exceeds "
                      "1e30; lower relation.gamma in [search]");
    }
    all.push_back(at_keys(layout_, weight.unsqueeze(0)).squeeze(0));
  }
  return all;
}

template <typename Visit>
void Kernel::for_each_pair(std::int64_t first, std::int64_t count, const std::vector<double>& betas,
                           const std::vector<torch::Tensor>& weights, Visit visit) const {
  const Block rows = block(first, count);
  const std::int64_t keys = layout_.padded_keys();
  const std::int64_t classes = layout_.padded_classes();
  const bool are_keys = set_.own_key.defined();
  std::vector<float> affinity(index(keys));
  std::vector<float> cache_logits(index(classes));
  for (std::int64_t row = 0; row < count; ++row) {
    const float* similarity = keys > 0 ? rows.similarity.data_ptr<float>() + row * keys : nullptr;
    const float* base = rows.base.data_ptr<float>() + row * classes;
    const std::int64_t query = first + row;
    const std::int64_t own = layout_.class_positions()[index(rows.labels.data_ptr<std::int64_t>()[row])];
    const std::int64_t own_key =
        are_keys ? layout_.key_positions()[index(set_.own_key.data_ptr<std::int64_t>()[query])] : 0;
    const float own_gain = are_keys ? set_.own_gain.data_ptr<float>()[query] : 1;
    std::size_t pair = 0;
    for (const double beta : betas) {
      affinities(similarity, static_cast<float>(beta), keys, affinity.data());
      if (are_keys) affinity[index(own_key)] = 0;
      for (const torch::Tensor& weight : weights) {
        sum_by_class(affinity.data(), weight.data_ptr<float>(), layout_.slots(), classes, cache_logits.data());
        cache_logits[index(own)] *= own_gain;
        visit(QueryLogits{query, pair++, base, cache_logits.data(), classes, own});
      }
    }
  }
}

LossGrid Kernel::loss_grid(const Grid& grid, Metric metric, const std::vector<float>& reference,
                           const Progress& progress) const {
  // Each running block of queries has an accumulator for all points of its part: at most 8 MiB, or 16 MiB with a
  // reference. The parts change no result, because the blocks, and the order in which they are added up, stay the same.
  constexpr std::size_t kMostPoints = std::size_t{1} << 20U;
  const std::vector<GridPart> parts = parts_of(grid, kMostPoints);
  const std::int64_t queries = set_.queries->count();
  LossGrid total;
  std::int64_t before = 0;  // queries, counted once for each part that is finished
  for (const GridPart& part : parts) {
    const Completed completed = [&](std::int64_t done) {
      progress(before + done, queries * static_cast<std::int64_t>(parts.size()));
    };
    total.insert(part_losses(part.grid, metric, reference, completed), part, grid);
    before += queries;
  }
  return total;
}

LossGrid Kernel::part_losses(const Grid& grid, Metric metric, const std::vector<float>& reference,
                             const Completed& completed) const {
  const std::vector<torch::Tensor> weight = weights(grid.gammas);
  const std::optional<AlphaSteps> steps = even_steps(grid);
  const std::size_t alphas = grid.alphas_per_pair();
  const auto work = [&](std::int64_t first, std::int64_t count) {
    LossAccumulator losses(grid, metric, !reference.empty());
    std::vector<float> of_pair(alphas);  // the loss for each α
    std::vector<float> ratios(index(layout_.padded_classes()));
    for_each_pair(first, count, grid.betas, weight, [&](const QueryLogits& logits) {
      const float* reference_loss = reference.empty() ? nullptr : &reference[index(logits.query)];
      if (metric == Metric::accuracy) {
        losses.add(logits.pair, logits.right(), reference_loss);
        return;
      }
      if (steps) {
        logits.losses(*steps, metric, ratios.data(), of_pair.data());
      } else {
        for (std::size_t i = 0; i < alphas; ++i) of_pair[i] = logits.loss(grid.alphas_of(logits.pair)[i], metric);
      }
      for (std::size_t i = 0; i < alphas; ++i) losses.add(logits.pair * alphas + i, of_pair[i], reference_loss);
    });
    return std::make_pair(std::move(losses), first + count);
  };
  LossAccumulator total(grid, metric, !reference.empty());
  const std::int64_t queries = set_.queries->count();
  runtime::in_blocks(queries, block_size(), threads_, work, [&](const std::pair<LossAccumulator, std::int64_t>& block) {
    total.add(block.first);
    completed(block.second);
  });
  return total.loss_grid(queries);
}

std::vector<float> Kernel::losses(double alpha, double beta, double gamma, Metric metric) const {
  const std::vector<torch::Tensor> weight = weights({gamma});
  const auto work = [&](std::int64_t first, std::int64_t count) {
    std::vector<float> block;
    for_each_pair(first, count, {beta}, weight,
                  [&](const QueryLogits& logits) { block.push_back(logits.loss(alpha, metric)); });
    return block;
  };
  std::vector<float> all;
  runtime::in_blocks(set_.queries->count(), block_size(), threads_, work,
                     [&](const std::vector<float>& block) { all.insert(all.end(), block.begin(), block.end()); });
  return all;
}

std::vector<std::vector<RightInterval>> Kernel::intervals(const std::vector<double>& betas,
                                                          const std::vector<double>& gammas) const {
  const std::vector<torch::Tensor> weight = weights(gammas);
  const std::size_t pairs = betas.size() * gammas.size();
  const auto work = [&](std::int64_t first, std::int64_t count) {
    std::vector<RightInterval> block;  // [n][pairs]
    block.reserve(index(count) * pairs);
    for_each_pair(first, count, betas, weight, [&](const QueryLogits& logits) { block.push_back(logits.right()); });
    return block;
  };
  std::vector<std::vector<RightInterval>> all(pairs);
  runtime::in_blocks(set_.queries->count(), block_size(), threads_, work, [&](const std::vector<RightInterval>& block) {
    for (std::size_t i = 0; i < block.size(); ++i) all[i % pairs].push_back(block[i]);
  });
  return all;
}

}  // namespace trefoil::search
