// Sums, over the keys of each class, of the kernel values of one query.
//
// The sum of class c is Σ_m w_m exp(β (a_m − 1)), where a_m is the affinity of the query and key m. It is stored as
//   exp(log_factor_c) · Σ_m w_m exp(β (a_m − a_max)),   log_factor_c = β (a_max − 1),
// where a_max is the largest affinity of the class. All exponentials of the second factor lie in (0, 1], and one of
// them is 1, so no precision is lost for a large β. Training adds its change of the affinities to log_factor_c.
#pragma once

#include <cstdint>

namespace head_training {

// M keys of C classes.
struct Keys {
  const std::int64_t* label = nullptr;  // [M] in [0, classes)
  std::int64_t count = 0;
  std::int64_t classes = 0;
};

// The key that is masked for a query, and the factor on the other keys of its class (own_keys.h).
template <typename Scalar>
struct OwnKey {
  std::int64_t index = -1;  // −1: no key is masked
  Scalar gain = 1;
};

// Replaces affinity [M] by exp(β (affinity − a_max of its class)). The value of the masked key becomes 0, and the
// values of the other keys of its class are multiplied by the gain. Writes log_factor [C]: −∞ for a class without keys.
void split_exponentials(const Keys& keys, float beta, OwnKey<float> own, float* affinity, float* log_factor);
void split_exponentials(const Keys& keys, double beta, OwnKey<double> own, double* affinity, double* log_factor);

// Writes sum [C]: Σ weight_m · kernel_m over the keys of each class.
void sum_by_class(const Keys& keys, const float* weight, const float* kernel, float* sum);
void sum_by_class(const Keys& keys, const double* weight, const double* kernel, double* sum);

// The gradient of sum_by_class by the weights: gradient [M] += kernel_m · sum_gradient [C] of the key's class.
void add_weight_gradient(const Keys& keys, const float* kernel, const float* sum_gradient, float* gradient);
void add_weight_gradient(const Keys& keys, const double* kernel, const double* sum_gradient, double* gradient);

}  // namespace head_training
