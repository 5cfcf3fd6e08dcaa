// Training: contrastive learning of pictures and captions (CLIP, Radford et al., ICML 2021, section 2.3).
#pragma once

#include <cstdint>
#include <functional>

#include "tokenizer.h"
#include "training/network.h"
#include "training/picture_stream.h"

namespace trefoil::demo {

struct TrainingOptions {
  std::int64_t steps = 5000;
  std::int64_t batch = 256;
  double learning_rate = 1e-3;  // after a warm-up, and then along a cosine to 0
  double weight_decay = 0.1;    // of matrices
  double patches_seen = 0.5;    // share of the patches that a picture shows, but for the last tenth of the steps
  int threads = 1;              // has no influence on the result
  std::uint64_t seed = 1;
};

struct TrainingStep {
  std::int64_t number;  // of `steps`
  double loss;
  double right;  // share of the pictures whose own caption is the nearest of the batch
};

// `report` is called after every step.
void train(Network& network, const clip::Tokenizer& tokenizer, PictureStream& stream, const TrainingOptions& options,
           const std::function<void(const TrainingStep&)>& report);

}  // namespace trefoil::demo
