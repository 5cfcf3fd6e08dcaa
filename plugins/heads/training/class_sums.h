// The cache's affinities of one query, summed by the class of their key.
//
// The sum of class c, Σ_m w_m exp(β (a_m − 1)), is kept as exp(nearest_c) · Σ_m w_m exp(β (a_m − largest of c)), where
// nearest_c = β (largest of c − 1): the factors of the second are within (0, 1] and one of them is 1, so however sharp
// β is, nothing of weight is lost, and what training adds to the affinities of a class can be added to nearest_c.
#pragma once

#include <cstdint>

namespace trefoil::training {

// M keys of C classes.
struct Keys {
  const std::int64_t* label;  // [M] in [0, classes)
  std::int64_t count;
  std::int64_t classes;
};

// The key that a query must not see, and what its class's other keys count instead.
template <typename Scalar>
struct OwnKey {
  std::int64_t index = -1;  // none
  Scalar gain = 1;
};

// affinity [M] becomes exp(β (affinity − largest of its class)); the own key 0, the others of its class times the gain.
// nearest [C] is as above, −∞ where a class has no keys.
void split_exponentials(const Keys& keys, float beta, OwnKey<float> own, float* affinity, float* nearest);
void split_exponentials(const Keys& keys, double beta, OwnKey<double> own, double* affinity, double* nearest);

// sum [C] = Σ weight_m · kernel_m of each class.
void sum_by_class(const Keys& keys, const float* weight, const float* kernel, float* sum);
void sum_by_class(const Keys& keys, const double* weight, const double* kernel, double* sum);

// The way back: gradient [M] by the weights += kernel_m · sum_gradient [C] of its class.
void add_weight_gradient(const Keys& keys, const float* kernel, const float* sum_gradient, float* gradient);
void add_weight_gradient(const Keys& keys, const double* kernel, const double* sum_gradient, double* gradient);

}  // namespace trefoil::training
