#include "shared_gaussians.h"

#include <ATen/ops/mm.h>
#include <ATen/ops/where.h>
#include <ATen/ops/zeros.h>
#include <trefoil/support.h>

#include <algorithm>

namespace adapting {

namespace {

constexpr std::int64_t kChannels = 64;        // that a task sums
constexpr std::int64_t kSummedRows = 1024;    // that are converted to float64 together
constexpr double kLeastVariance = 1e-12;      // of a channel in which all rows of each class are equal
constexpr double kLeastClassWeight = 1e-100;  // below it, float64 has too few digits for a mean

// Adds some channels of a block of rows, and its counts if `adds_counts`.
void add_block(const torch::Tensor& rows, const torch::Tensor& probabilities, std::int64_t channel, bool adds_counts,
               Moments& moments) {
  const torch::Tensor z = probabilities.to(torch::kDouble);
  const torch::Tensor f = rows.to(torch::kDouble);
  moments.sums.narrow(/*dim=*/1, channel, f.size(1)) += z.t().mm(f);
  moments.squares.narrow(/*dim=*/0, channel, f.size(1)) += f.square().t().mv(z.sum(/*dim=*/1));
  if (adds_counts) moments.counts += z.sum(/*dim=*/0);
}

}  // namespace

Moments moments_of(const torch::Tensor& rows, const torch::Tensor& probabilities, double weight,
                   parallel::Workers& workers) {
  const std::int64_t count = rows.size(0);
  const std::int64_t width = rows.size(1);
  const std::int64_t classes = probabilities.size(1);
  Moments moments{torch::zeros({classes}, torch::kDouble), torch::zeros({classes, width}, torch::kDouble),
                  torch::zeros({width}, torch::kDouble)};
  workers.run((width + kChannels - 1) / kChannels, [&](std::int64_t task, int /*worker*/) {
    const std::int64_t channel = task * kChannels;
    const torch::Tensor columns = rows.narrow(/*dim=*/1, channel, std::min(kChannels, width - channel));
    for (std::int64_t first = 0; first < count; first += kSummedRows) {
      const std::int64_t size = std::min(kSummedRows, count - first);
      add_block(columns.narrow(/*dim=*/0, first, size), probabilities.narrow(/*dim=*/0, first, size), channel,
                task == 0, moments);
    }
  });
  return {moments.counts * weight, moments.sums * weight, moments.squares * weight};
}

void add_labelled(const torch::Tensor& rows, const torch::Tensor& labels, double weight, Moments& moments) {
  const torch::Tensor f = rows.to(torch::kDouble);
  const std::int64_t classes = moments.counts.size(0);
  moments.counts += trefoil::class_counts(labels, classes).to(torch::kDouble) * weight;
  moments.sums += trefoil::class_sums(f, labels, classes) * weight;
  moments.squares += f.square().sum(/*dim=*/0) * weight;
}

void fit(const Moments& moments, SharedGaussians& gaussians) {
  const torch::Tensor counts = moments.counts.unsqueeze(1);
  gaussians.means =
      at::where(counts > kLeastClassWeight, moments.sums / counts.clamp_min(kLeastClassWeight), gaussians.means);
  const torch::Tensor deviations = moments.squares - (moments.sums * gaussians.means).sum(/*dim=*/0);
  gaussians.variances = (deviations / moments.counts.sum()).clamp_min(kLeastVariance);
}

torch::Tensor log_densities(const SharedGaussians& gaussians, const torch::Tensor& rows) {
  const torch::Tensor scaled = gaussians.means / gaussians.variances;
  const torch::Tensor logs = at::mm(rows.to(torch::kDouble), scaled.t()) -
                             (scaled * gaussians.means).sum(/*dim=*/1) / 2;  // det and f² are equal for all classes
  return logs - logs.amax(/*dim=*/1, /*keepdim=*/true);
}

}  // namespace adapting
