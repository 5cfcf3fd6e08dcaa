// Neural collapse (Papyan, Han and Donoho, PNAS 2020): the state that long training tends to, in which all images of a
// class have the same feature, the class means form a regular simplex, and the class vectors of the classifier equal
// the means up to scale. The metrics below are 0 in this state, and larger the further features and classifier are from
// it.
#pragma once

#include "trefoil/tensor.h"

namespace trefoil::pipeline {

struct Collapse {
  double within = 0;        // NC1: tr(Σ_W Σ_B⁺) / C, the covariance within classes relative to that between them
  double norms = 0;         // NC2: standard deviation / mean of the norms of the centred class means
  double angles = 0;        // NC2: mean |cos + 1/(C−1)| over pairs of centred means; in a simplex, cos = −1/(C−1)
  double duality = 0;       // NC3: ‖W/‖W‖ − M/‖M‖‖² of the class vectors W and the means M, both centred
  double disagreement = 0;  // NC4: fraction of images whose nearest class mean is not the predicted class
  std::int64_t classes = 0;  // C, counts only classes with images, because the others have no mean
  std::int64_t images = 0;
};

// Measures the features of labelled images once, so that several classifiers can be measured on them. Floating tensors
// may have any floating type; all tensors are on the CPU. Computed in float64.
class FeatureClusters {
 public:
  // features [n, d], labels [n] int64 in [0, class_count). Takes O(n·(d² + C·d) + d³) time.
  FeatureClusters(const torch::Tensor& features, const torch::Tensor& labels, std::int64_t class_count);

  // class_vectors [class_count, d], predicted [n] int64. With fewer than two classes, every metric is 0.
  Collapse measure(const torch::Tensor& class_vectors, const torch::Tensor& predicted) const;

 private:
  Collapse of_features_;   // the metrics that do not depend on the classifier
  torch::Tensor present_;  // [C] the classes with images
  torch::Tensor centred_;  // [C, d] their means, centred
  torch::Tensor nearest_;  // [n] the class of the nearest mean
};

}  // namespace trefoil::pipeline
