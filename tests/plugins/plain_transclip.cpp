#include "plain_transclip.h"

#include <ATen/ops/cat.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "support/adapters.h"

namespace tests {

namespace {

using Row = std::vector<double>;
using Rows = std::vector<Row>;

Rows loops_of(const torch::Tensor& matrix) {
  Rows rows;
  for (std::int64_t i = 0; i < matrix.size(0); ++i) {
    const torch::Tensor row = matrix[i].contiguous();
    rows.emplace_back(row.data_ptr<double>(), row.data_ptr<double>() + row.size(0));
  }
  return rows;
}

double dot(const Row& a, const Row& b) { return std::inner_product(a.begin(), a.end(), b.begin(), 0.0); }

Row softmax(Row logits) {
  const double largest = *std::max_element(logits.begin(), logits.end());
  double sum = 0;
  for (double& value : logits) sum += value = std::exp(value - largest);
  for (double& value : logits) value /= sum;
  return logits;
}

// TransCLIP in float64, one number after the other.
class PlainTransClip {
 public:
  PlainTransClip(const trefoil::Support& support, const torch::Tensor& queries, std::size_t k, double lambda,
                 double gamma)
      : features_(loops_of(at::cat({queries, support.images}))),
        queries_(static_cast<std::size_t>(queries.size(0))),
        classes_(static_cast<std::size_t>(support.class_count())),
        width_(static_cast<std::size_t>(support.width())),
        neighbours_(k),
        lambda_(lambda),
        gamma_(support.image_count() > 0 ? gamma : 0),
        start_(loops_of(zero_shot(support).logits(queries).softmax(1))),
        z_(start_) {
    for (std::int64_t i = 0; i < support.image_count(); ++i) {
      z_.emplace_back(classes_, 0.0);
      z_.back()[static_cast<std::size_t>(support.labels[i].item<std::int64_t>())] = 1;
    }
    for (std::size_t c = 0; c < classes_; ++c) means_.push_back(first_mean(c));
    variances_.assign(width_, 1.0 / static_cast<double>(width_));
  }

  torch::Tensor solved() {
    for (int outer = 0; outer < 10; ++outer) {
      for (int inner = 0; inner < 5; ++inner) update_z();
      update_gaussians();
    }
    torch::Tensor result = torch::zeros({static_cast<std::int64_t>(queries_), static_cast<std::int64_t>(classes_)});
    result = result.to(torch::kDouble);
    for (std::size_t i = 0; i < queries_; ++i) {
      result[static_cast<std::int64_t>(i)] = torch::tensor(z_[i], torch::kDouble);
    }
    return result;
  }

 private:
  Row first_mean(std::size_t c) const {
    std::vector<std::size_t> chosen;
    for (std::size_t i = queries_; i < features_.size(); ++i) {
      if (z_[i][c] == 1) chosen.push_back(i);
    }
    if (chosen.empty()) {
      chosen.resize(queries_);
      std::iota(chosen.begin(), chosen.end(), 0);
      std::stable_sort(chosen.begin(), chosen.end(), [&](auto a, auto b) { return start_[a][c] > start_[b][c]; });
      chosen.resize(std::min<std::size_t>(8, queries_));
    }
    Row mean(width_, 0.0);
    for (const std::size_t i : chosen) {
      for (std::size_t d = 0; d < width_; ++d) mean[d] += features_[i][d] / static_cast<double>(chosen.size());
    }
    return mean;
  }

  void update_z() {
    Rows next = z_;
    for (std::size_t i = 0; i < queries_; ++i) {
      Row logits(classes_);
      for (std::size_t c = 0; c < classes_; ++c) logits[c] = lambda_ * std::log(start_[i][c]) + log_density(i, c);
      for (const std::size_t j : nearest(i)) {
        const double weight = std::max(0.0, dot(features_[i], features_[j]));
        for (std::size_t c = 0; c < classes_; ++c) logits[c] += weight * z_[j][c];
      }
      next[i] = softmax(std::move(logits));
    }
    z_ = std::move(next);
  }

  double log_density(std::size_t i, std::size_t c) const {
    double sum = 0;
    for (std::size_t d = 0; d < width_; ++d) {
      sum -= std::log(variances_[d]) / 2 + std::pow(features_[i][d] - means_[c][d], 2) / variances_[d] / 2;
    }
    return sum;
  }

  std::vector<std::size_t> nearest(std::size_t i) const {
    std::vector<std::size_t> others(features_.size());
    std::iota(others.begin(), others.end(), 0);
    others.erase(others.begin() + static_cast<std::ptrdiff_t>(i));
    std::stable_sort(others.begin(), others.end(), [&](std::size_t a, std::size_t b) {
      return dot(features_[i], features_[a]) > dot(features_[i], features_[b]);
    });
    others.resize(neighbours_);
    return others;
  }

  double weight(std::size_t i) const {
    const std::size_t support = features_.size() - queries_;
    return i < queries_ ? 1 / static_cast<double>(queries_) : gamma_ / static_cast<double>(support);
  }

  void update_gaussians() {
    for (std::size_t c = 0; c < classes_; ++c) {
      double total = 0;
      Row sum(width_, 0.0);
      for (std::size_t i = 0; i < features_.size(); ++i) {
        total += weight(i) * z_[i][c];
        for (std::size_t d = 0; d < width_; ++d) sum[d] += weight(i) * z_[i][c] * features_[i][d];
      }
      for (std::size_t d = 0; d < width_; ++d) means_[c][d] = sum[d] / total;
    }
    variances_.assign(width_, 0.0);
    for (std::size_t i = 0; i < features_.size(); ++i) {
      for (std::size_t c = 0; c < classes_; ++c) {
        for (std::size_t d = 0; d < width_; ++d) {
          variances_[d] += weight(i) * z_[i][c] * std::pow(features_[i][d] - means_[c][d], 2) / (gamma_ + 1);
        }
      }
    }
  }

  Rows features_;  // of queries, then of support images
  std::size_t queries_;
  std::size_t classes_;
  std::size_t width_;
  std::size_t neighbours_;
  double lambda_;
  double gamma_;
  Rows start_;  // ŷ
  Rows z_;
  Rows means_;
  Row variances_;
};

}  // namespace

torch::Tensor plain_transclip(const trefoil::Support& support, const torch::Tensor& queries, std::int64_t neighbours,
                              double lambda, double gamma) {
  return PlainTransClip(support, queries, static_cast<std::size_t>(neighbours), lambda, gamma).solved();
}

}  // namespace tests
