#include "softmax_errors.h"

#include "row_arithmetic.h"

namespace head_training {

namespace {

template <typename Scalar>
TREFOIL_INLINE_KERNEL double all_errors(Scalar* logits, const std::int64_t* labels, std::int64_t rows,
                                        std::int64_t classes, Scalar share) {
  double loss = 0;
  for (std::int64_t i = 0; i < rows; ++i) loss += cross_entropy(logits + i * classes, classes, labels[i], share);
  return loss;
}

TREFOIL_MULTIVERSIONED
double float_errors(float* logits, const std::int64_t* labels, std::int64_t rows, std::int64_t classes, float share) {
  return all_errors(logits, labels, rows, classes, share);
}

}  // namespace

double softmax_errors(const torch::Tensor& logits, const torch::Tensor& labels, double share) {
  const auto* label = labels.data_ptr<std::int64_t>();
  if (logits.scalar_type() == torch::kDouble) {
    return all_errors(logits.data_ptr<double>(), label, logits.size(0), logits.size(1), share);
  }
  return float_errors(logits.data_ptr<float>(), label, logits.size(0), logits.size(1), static_cast<float>(share));
}

}  // namespace head_training
