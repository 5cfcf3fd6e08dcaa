#include "data/support_set.h"

#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/where.h>

namespace trefoil::data {

namespace {

torch::Tensor sorted_by_class(const torch::Tensor& labels) {
  return labels.argsort(/*stable=*/true, /*dim=*/0, /*descending=*/false);
}

// Of rows sorted by class, which of its class each is, counted from 0.
torch::Tensor rank_in_class(const torch::Tensor& sorted_labels, std::int64_t class_count) {
  const torch::Tensor counts = class_counts(sorted_labels, class_count);
  const torch::Tensor first_of_class = counts.cumsum(0) - counts;
  return torch::arange(sorted_labels.size(0)) - first_of_class.index_select(0, sorted_labels);
}

// What `known` [C, D] lets expect of `wanted` [C, D], by a straight line through the classes `rows` that have both.
torch::Tensor expected(const torch::Tensor& wanted, const torch::Tensor& known, const torch::Tensor& rows) {
  if (rows.size(0) == 0) return known;
  const torch::Tensor wanted_centre = wanted.index_select(0, rows).mean(0);
  const torch::Tensor known_centre = known.index_select(0, rows).mean(0);
  const torch::Tensor wanted_part = wanted.index_select(0, rows) - wanted_centre;
  const torch::Tensor known_part = known.index_select(0, rows) - known_centre;
  const double spread = known_part.square().sum().item<double>();
  const double slope = spread > 0 ? (wanted_part * known_part).sum().item<double>() / spread : 1;
  return wanted_centre + slope * (known - known_centre);
}

// The mean image of each class [C, D]; zero without images.
torch::Tensor mean_images(const Support& support, const torch::Tensor& counts) {
  return class_sums(support.images, support.labels, support.class_count()) /
         counts.clamp_min(1).unsqueeze(1).to(support.images.scalar_type());
}

std::string name_list(const std::vector<std::string>& names) {
  constexpr std::size_t kMost = 8;
  std::string text;
  for (std::size_t i = 0; i < names.size() && i < kMost; ++i) text += (i > 0 ? ", " : "") + names[i];
  if (names.size() > kMost) text += " and " + std::to_string(names.size() - kMost) + " more";
  return text;
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
      expected(support.text, mean_images(support, counts), has_text.logical_and(has_images).nonzero().flatten());
  const torch::Tensor filled = has_text.logical_not().logical_and(has_images);
  support.text = torch::where(filled.unsqueeze(1), unit_rows(estimate), support.text).contiguous();

  std::vector<std::string> without_either;
  const torch::Tensor neither = has_text.logical_or(has_images).logical_not().nonzero().flatten();
  for (std::int64_t i = 0; i < neither.numel(); ++i) {
    without_either.push_back(class_names.at(static_cast<std::size_t>(neither[i].item<std::int64_t>())));
  }
  std::string note = std::to_string(filled.sum().item<std::int64_t>()) + " of " +
                     std::to_string(support.class_count()) +
                     " classes have no text feature: it is estimated from their mean image";
  if (!without_either.empty()) {
    note += "; " + std::to_string(without_either.size()) +
            " have neither text nor images and will hardly be predicted: " + name_list(without_either);
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
  if (present.numel() == 0) return "no class has images, so there is nothing to estimate missing ones from";
  const torch::Tensor has_both = has_text.logical_and(counts > 0).nonzero().flatten();
  const torch::Tensor estimate = unit_rows(expected(mean_images(support, counts), support.text, has_both));
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
  return std::to_string(missing.numel()) + " of " + std::to_string(support.class_count()) +
         " classes have no images: " + std::to_string(copies) + " of each are estimated from its text";
}

}  // namespace trefoil::data
