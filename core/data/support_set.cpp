#include "data/support_set.h"

#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/where.h>

#include "base/text.h"

namespace trefoil::data {

namespace {

torch::Tensor sorted_by_class(const torch::Tensor& labels) {
  return labels.argsort(/*stable=*/true, /*dim=*/0, /*descending=*/false);
}

// For rows that are sorted by class, returns the position of each row within its class, from 0.
torch::Tensor rank_in_class(const torch::Tensor& sorted_labels, std::int64_t class_count) {
  const torch::Tensor counts = class_counts(sorted_labels, class_count);
  const torch::Tensor first_of_class = counts.cumsum(0) - counts;
  return torch::arange(sorted_labels.size(0)) - first_of_class.index_select(0, sorted_labels);
}

// Predicts `target` [C, D] from `source` [C, D] by a linear regression with one slope. The classes `rows` have both and
// are used for the fit. Without such classes, returns `source`.
torch::Tensor predicted(const torch::Tensor& target, const torch::Tensor& source, const torch::Tensor& rows) {
  if (rows.size(0) == 0) return source;
  const torch::Tensor target_mean = target.index_select(0, rows).mean(0);
  const torch::Tensor source_mean = source.index_select(0, rows).mean(0);
  const torch::Tensor target_part = target.index_select(0, rows) - target_mean;
  const torch::Tensor source_part = source.index_select(0, rows) - source_mean;
  const double spread = source_part.square().sum().item<double>();
  const double slope = spread > 0 ? (target_part * source_part).sum().item<double>() / spread : 1;
  return target_mean + slope * (source - source_mean);
}

// Returns the mean image feature of each class [C, D], or zero for a class without images.
torch::Tensor mean_images(const Support& support, const torch::Tensor& counts) {
  return class_sums(support.images, support.labels, support.class_count()) /
         counts.clamp_min(1).unsqueeze(1).to(support.images.scalar_type());
}

// "1 of 5 classes has", "2 of 5 classes have".
std::string classes_have(std::int64_t count, std::int64_t total) {
  return base::grouped(count) + " of " + base::counted(total, "class") + (count == 1 ? " has" : " have");
}

}  // namespace

Support make_support(const torch::Tensor& text, const torch::Tensor& images, const torch::Tensor& labels,
                     std::int64_t shots) {
  torch::Tensor order = sorted_by_class(labels);
  if (shots > 0) {
    const torch::Tensor rank = rank_in_class(labels.index_select(0, order), text.size(0));
    order = order.index_select(0, (rank < shots).nonzero().flatten());
  }
  return {text, images.index_select(0, order).contiguous(), labels.index_select(0, order).contiguous()};
}

torch::Tensor left_over(const torch::Tensor& labels, std::int64_t class_count, std::int64_t shots) {
  const torch::Tensor order = sorted_by_class(labels);
  const torch::Tensor rank = rank_in_class(labels.index_select(0, order), class_count);
  return std::get<0>(order.index_select(0, (rank >= shots).nonzero().flatten()).sort());
}

std::vector<std::int64_t> classes_without_text(const Support& support) {
  const torch::Tensor without = (support.text == 0).all(1).nonzero().flatten();
  return {without.data_ptr<std::int64_t>(), without.data_ptr<std::int64_t>() + without.numel()};
}

std::string fill_missing_text(Support& support, const std::vector<std::string>& class_names,
                              const torch::Tensor& estimated) {
  const torch::Tensor has_text = (support.text != 0).any(1);
  const torch::Tensor counts = class_counts(support.labels, support.class_count());
  const torch::Tensor has_images = estimated.defined() ? counts.masked_fill(estimated, 0) > 0 : counts > 0;
  const torch::Tensor estimate =
      predicted(support.text, mean_images(support, counts), has_text.logical_and(has_images).nonzero().flatten());
  const torch::Tensor filled = has_text.logical_not().logical_and(has_images);
  support.text = torch::where(filled.unsqueeze(1), unit_rows(estimate), support.text).contiguous();

  std::vector<std::string> without_either;
  const torch::Tensor neither = has_text.logical_or(has_images).logical_not().nonzero().flatten();
  for (std::int64_t i = 0; i < neither.numel(); ++i) {
    without_either.push_back(class_names.at(static_cast<std::size_t>(neither[i].item<std::int64_t>())));
  }
  std::string note = classes_have(filled.sum().item<std::int64_t>(), support.class_count()) +
                     " no text feature: it is estimated from the mean image of the class";
  if (!without_either.empty()) {
    constexpr std::size_t kMostNames = 8;
    note += "; " + base::counted(without_either.size(), "class") + (without_either.size() == 1 ? " has" : " have") +
            " neither text nor images, so hardly any query will be classified as one of them: " +
            base::listed(without_either, kMostNames);
  }
  return note;
}

torch::Tensor lacks_images(const Support& support) {
  return (support.text != 0).any(1).logical_and(class_counts(support.labels, support.class_count()) == 0);
}

std::string fill_missing_images(Support& support, const torch::Tensor& has_text) {
  const torch::Tensor missing = lacks_images(support).nonzero().flatten();
  const torch::Tensor counts = class_counts(support.labels, support.class_count());
  const torch::Tensor present = (counts > 0).nonzero().flatten();
  if (missing.numel() == 0) return "";
  if (present.numel() == 0) return "no class has images, so there is nothing to estimate missing images from";
  const torch::Tensor has_both = has_text.logical_and(counts > 0).nonzero().flatten();
  const torch::Tensor estimate = unit_rows(predicted(mean_images(support, counts), support.text, has_both));
  const std::int64_t copies = (support.image_count() + present.numel() / 2) / present.numel();
  const torch::Tensor labels = missing.repeat_interleave(copies);
  const torch::Tensor images = estimate.index_select(0, labels);
  const torch::Tensor order = sorted_by_class(torch::cat({support.labels, labels}));
  support.images = torch::cat({support.images, images}).index_select(0, order);
  if (support.views.defined()) {
    const torch::Tensor views = images.unsqueeze(0).expand({support.views.size(0), -1, -1});
    support.views = torch::cat({support.views, views}, /*dim=*/1).index_select(1, order);
  }
  support.labels = torch::cat({support.labels, labels}).index_select(0, order);
  return classes_have(missing.numel(), support.class_count()) +
         " no images: " + base::counted(copies, "image feature") + (copies == 1 ? " is" : " are") +
         " estimated from the text of each such class";
}

}  // namespace trefoil::data
