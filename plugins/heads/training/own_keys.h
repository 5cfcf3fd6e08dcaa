// Own keys: a support image is a query while training, and a key of the cache at once. If it sees its own key, training
// is trivial: the affinity of an image with itself is the largest there is, and no query will ever have it.
//
// So row m does not see key m. That takes away one of the n keys of its class, which then looks weaker than it will be;
// the class's sum is therefore multiplied by n / (n − 1). An image that is its class's only one has no own evidence.
#pragma once

#include <trefoil/classifier.h>
#include <trefoil/support.h>

namespace trefoil::training {

// n / (n − 1) for every key, n being the number of keys of its class; 1 where n is 1. labels [M] -> [M] float64.
torch::Tensor own_class_gain(const torch::Tensor& labels, std::int64_t class_count);

// Throws std::invalid_argument unless key m of the classifier is image m of the support, as far as one can see.
void require_own_keys(const Classifier& start, const Support& support);

}  // namespace trefoil::training
