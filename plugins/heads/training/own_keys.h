// Masking of own keys. A support image is both a query of training and a key of the cache. If an image sees its own
// key, training is trivial: the affinity of an image with itself is the largest possible, and no query has it later.
//
// So row m does not see key m. Its class then has n − 1 of its n keys, and its sum would be too small; the sum is
// therefore multiplied by n / (n − 1). The only image of a class has no cache logit for its own class.
#pragma once

#include <trefoil/classifier.h>
#include <trefoil/support.h>

namespace head_training {

// Returns n / (n − 1) for every key, where n is the number of keys of its class; 1 if n is 1. labels [M] -> [M]
// float64.
torch::Tensor own_class_gain(const torch::Tensor& labels, std::int64_t class_count);

// Throws std::invalid_argument unless the classifier's keys have the number and the labels of the support images.
void require_own_keys(const trefoil::Classifier& start, const trefoil::Support& support);

}  // namespace head_training
