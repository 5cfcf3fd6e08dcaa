#include "criteria.h"

#include <ATen/ops/ones.h>

#include <stdexcept>

namespace criteria {

namespace {

// The class means of a population, for the C' classes that have samples in it.
struct ClassMeans {
  torch::Tensor mean;     // [C', D] float64
  torch::Tensor classes;  // [C'] int64
};

// Returns the means of the classes with a sample, given sums [C, D] over counts [C] samples.
ClassMeans means_of(const torch::Tensor& sums, const torch::Tensor& counts) {
  const torch::Tensor classes = (counts > 0).nonzero().flatten();
  const torch::Tensor present = counts.index_select(0, classes).to(torch::kDouble).unsqueeze(1);
  return {sums.to(torch::kDouble).index_select(0, classes) / present, classes};
}

// Returns [C]: 1 for a class with a text, 0 for a class with a zero row.
torch::Tensor text_counts(const trefoil::Support& support) { return (support.text != 0).any(1).to(torch::kLong); }

ClassMeans class_means(const trefoil::Support& support, const std::string& population) {
  const std::int64_t class_count = support.class_count();
  if (population == "text") return means_of(support.text, text_counts(support));
  const torch::Tensor counts = trefoil::class_counts(support.labels, class_count);
  const torch::Tensor sums = trefoil::class_sums(support.images, support.labels, class_count);
  if (population == "image") return means_of(sums, counts);
  return means_of(sums + support.text, counts + text_counts(support));  // joint: the text counts as one more sample
}

torch::Tensor priors_of(const trefoil::Support& support, const torch::Tensor& classes, const std::string& priors) {
  torch::Tensor weight = torch::ones({classes.size(0)}, torch::kDouble);
  if (priors == "empirical") {
    weight = trefoil::class_counts(support.labels, support.class_count()).index_select(0, classes).to(torch::kDouble);
  }
  return weight / weight.sum();
}

torch::Tensor similarity_of(const trefoil::Support& support, const std::string& population,
                            const trefoil::Parameters& parameters) {
  const ClassMeans means = class_means(support, population);
  const torch::Tensor priors = priors_of(support, means.classes, parameters.text("priors"));
  const double distinct = 1 - priors.square().sum().item<double>();  // NaN for empirical priors without shots
  if (means.classes.size(0) < 2 || !(distinct > 0)) {
    throw std::invalid_argument("fewer than two classes have a " + population +
                                " feature, and the similarity between classes needs two classes");
  }
  const torch::Tensor weighted = priors.unsqueeze(1) * means.mean;
  const torch::Tensor sum = weighted.sum(0).square() - weighted.square().sum(0);
  return parameters.text("pairs") == "mean" ? sum / distinct : sum;
}

torch::Tensor between_classes(const trefoil::Support& support, const std::string& population) {
  const ClassMeans means = class_means(support, population);
  if (means.classes.size(0) < 2) {
    throw std::invalid_argument("fewer than two classes have a " + population +
                                " feature, and the variance between classes needs two classes");
  }
  return means.mean.var(/*dim=*/0, /*unbiased=*/true);
}

torch::Tensor intra_class_variance(const trefoil::Support& support) {
  const std::int64_t class_count = support.class_count();
  const torch::Tensor counts = trefoil::class_counts(support.labels, class_count);
  const torch::Tensor several = (counts >= 2).nonzero().flatten();
  if (several.size(0) == 0) {
    throw std::invalid_argument(
        "no class has two shots, and the variance within classes needs that: set selector.source = \"text\"");
  }
  const auto per_class = [&](const torch::Tensor& rows) {
    return trefoil::class_sums(rows, support.labels, class_count) /
           counts.clamp_min(1).unsqueeze(1).to(rows.scalar_type());
  };
  const torch::Tensor deviation = support.images - per_class(support.images).index_select(0, support.labels);
  return per_class(deviation.square()).index_select(0, several).to(torch::kDouble).mean(0);
}

}  // namespace

torch::Tensor similarity(const trefoil::Support& support, const trefoil::Parameters& parameters) {
  const std::string& population = parameters.text("population");
  if (population != "mix") return similarity_of(support, population, parameters);
  const double balance = parameters.real("balance");
  return balance * similarity_of(support, "text", parameters) +
         (1 - balance) * similarity_of(support, "image", parameters);
}

torch::Tensor signed_variance(const trefoil::Support& support, const trefoil::Parameters& parameters) {
  const std::string& source = parameters.text("source");
  const std::string& keep = parameters.text("keep");
  const bool keep_large = keep == "large" || (keep == "by_source" && source != "intra");
  const torch::Tensor variance = source == "intra" ? intra_class_variance(support) : between_classes(support, source);
  return keep_large ? variance : -variance;
}

}  // namespace criteria
