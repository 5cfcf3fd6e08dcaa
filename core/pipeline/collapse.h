// Neural collapse: how far features and classifier are from the state that training to the end tends to (Papyan, Han
// and Donoho, PNAS 2020), in which the images of a class fall together, and the class means form a simplex that the
// classifier copies. All four figures are 0 there.
#pragma once

#include "trefoil/tensor.h"

namespace trefoil::pipeline {

struct Collapse {
  double within = 0;        // NC1: tr(Σ_W Σ_B⁺) / C, the spread within classes against that between them
  double norms = 0;         // NC2: how unequally far the class means are from their centre, deviation / mean
  double angles = 0;        // NC2: mean |cos + 1/(C−1)| over pairs of centred means, which are as far apart as can be
  double duality = 0;       // NC3: ‖W/‖W‖ − M/‖M‖‖² of classifier and means, both centred
  double disagreement = 0;  // NC4: share of images whose nearest mean is not the class they were given
  std::int64_t classes = 0;  // C, those with images: the others have no mean
  std::int64_t images = 0;
};

// features [n, d], labels [n] int64, class_vectors [all classes, d], predicted [n] int64; of any floating type, on the
// CPU. Computed in float64; O(n·d² + d³). With fewer than two classes every figure is 0.
Collapse measure_collapse(const torch::Tensor& features, const torch::Tensor& labels,
                          const torch::Tensor& class_vectors, const torch::Tensor& predicted);

}  // namespace trefoil::pipeline
