#include "conformance/problems.h"

#include <ATen/ops/arange.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/tensor.h>

#include <random>

#include "conformance/rules.h"

namespace trefoil::conformance {

namespace {

constexpr std::int64_t kWidth = 24;
constexpr std::int64_t kClasses = 5;

torch::Tensor normal_rows(std::int64_t rows, std::uint32_t seed) {
  torch::Tensor numbers = torch::empty({rows, kWidth}, torch::kDouble);
  std::mt19937 generator(seed);
  std::normal_distribution<double> normal;
  auto* number = numbers.data_ptr<double>();
  for (std::int64_t i = 0; i < numbers.numel(); ++i) number[i] = normal(generator);
  return numbers;
}

// Returns a support whose images are scattered around the texts of their classes.
Support support_of(const std::vector<std::int64_t>& shots) {
  std::vector<std::int64_t> labels;
  for (std::size_t label = 0; label < shots.size(); ++label)
    labels.insert(labels.end(), static_cast<std::size_t>(shots[label]), static_cast<std::int64_t>(label));
  Support support;
  support.text = unit_rows(normal_rows(kClasses, 1));
  support.labels = at::tensor(labels, torch::kLong);
  const auto count = static_cast<std::int64_t>(labels.size());
  support.images = unit_rows(support.text.index_select(0, support.labels) + 0.2 * normal_rows(count, 2));
  return support;
}

Support as(Support support, torch::ScalarType type) {
  for (torch::Tensor Support::*field : {&Support::text, &Support::images, &Support::views}) {
    if ((support.*field).defined()) support.*field = (support.*field).to(type);
  }
  return support;
}

Support in_float(const std::vector<std::int64_t>& shots) { return as(support_of(shots), torch::kFloat); }

Support with_views() {
  Support support = support_of({4, 4, 4, 4, 4});
  const torch::Tensor first = unit_rows(support.images + 0.05 * normal_rows(support.image_count(), 3));
  const torch::Tensor second = unit_rows(support.images + 0.05 * normal_rows(support.image_count(), 4));
  support.views = torch::stack({first, second});
  return as(support, torch::kFloat);
}

Support with_a_class_of_nothing() {
  Support support = in_float({4, 4, 4, 4, 0});
  support.text[kClasses - 1].zero_();
  return support;
}

Support all_alike() {
  Support support = in_float({4, 4, 4, 4, 4});
  support.images = support.text[0].expand({support.image_count(), kWidth}).contiguous();
  support.text = support.text[0].expand({kClasses, kWidth}).contiguous();
  return support;
}

}  // namespace

Problem ordinary_problem() { return {"5 classes with 4 images each", in_float({4, 4, 4, 4, 4})}; }

std::vector<Problem> unusual_problems() {
  return {{"float64 tensors", support_of({4, 4, 4, 4, 4})},
          {"classes with 4, 3, 1, 0 and 2 images", in_float({4, 3, 1, 0, 2})},
          {"one image per class", in_float({1, 1, 1, 1, 1})},
          {"no images", in_float({0, 0, 0, 0, 0})},
          {"two views of each image", with_views()},
          {"a class with neither text nor images", with_a_class_of_nothing()},
          {"equal images and equal texts", all_alike()}};
}

void require_unchanged(const Support& support, const Support& given) {
  require_equal(support.text, given.text, "text");
  require_equal(support.images, given.images, "images");
  require_equal(support.labels, given.labels, "labels");
}

torch::Tensor queries_for(const Support& support) {
  constexpr std::int64_t kQueries = 7;
  return unit_rows(support.text[0].to(torch::kDouble) + 0.3 * normal_rows(kQueries, 5)).to(support.text.scalar_type());
}

Channels some_channels(const Support& support, std::int64_t q) {
  return keep_best((torch::arange(support.width(), torch::kDouble) * 7).remainder(5), q);
}

Classifier text_classifier(const Support& support) {
  Classifier classifier;
  classifier.text = support.text;
  return classifier;
}

Classifier cache_classifier(const Support& support, const Channels& channels) {
  Classifier classifier = text_classifier(support);
  classifier.keys = unit_rows(restrict_to(support.images, channels));
  classifier.labels = support.labels;
  classifier.channels = channels.index;
  classifier.renormalise = true;
  classifier.alpha = 2;
  classifier.beta = 5.5;
  return classifier;
}

}  // namespace trefoil::conformance
