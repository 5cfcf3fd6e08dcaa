// Training: contrastive learning of images and captions (CLIP, Radford et al., ICML 2021, section 2.3).
#pragma once

#include <cstdint>
#include <functional>

#include "byte_pair_tokenizer.h"
#include "training/network.h"
#include "training/picture_stream.h"

namespace trefoil::demo {

struct TrainingOptions {
  std::int64_t steps = 5000;
  std::int64_t batch = 256;
  double learning_rate = 1e-3;  // the highest, after the warm-up; then it falls to 0 along a cosine
  double weight_decay = 0.1;    // for matrices
  double patches_seen = 0.5;    // fraction of each image's patches; the last tenth of the steps uses all
  int threads = 1;              // does not change the result
  std::uint64_t seed = 1;
};

struct TrainingStep {
  std::int64_t number;  // of `steps`
  double loss;
  double right;  // fraction of the images whose own caption is the nearest in the batch
};

// Trains the network. Calls `report` after every step.
void train(Network& network, const clip::BytePairTokenizer& tokenizer, PictureStream& stream,
           const TrainingOptions& options, const std::function<void(const TrainingStep&)>& report);

}  // namespace trefoil::demo
