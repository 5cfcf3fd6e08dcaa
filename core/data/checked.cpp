#include "data/checked.h"

#include "base/data_errors.h"
#include "base/text.h"
#include "runtime/checker.h"
#include "trefoil/support.h"

namespace trefoil::data {

namespace {

// Returns the number of the first row for which `wrong` [n] is true, counted in the whole array.
std::string first_row(const torch::Tensor& wrong, std::int64_t first) {
  return std::to_string(first + wrong.nonzero()[0].item<std::int64_t>());
}

}  // namespace

void require_features(const formats::Array& array, std::int64_t width, const std::filesystem::path& path) {
  if (array.shape().size() != 2 || array.shape()[1] < 1) {
    base::refuse(path, "features must have the shape [rows, D]; its shape is " + runtime::shape_text(array.shape()));
  }
  if (!at::isFloatingType(array.type()))
    base::refuse(path, "features must be floating-point numbers; its type is " + std::string(toString(array.type())));
  if (width >= 0 && array.shape()[1] != width) {
    base::refuse(path, "its features have D = " + std::to_string(array.shape()[1]) +
                           ", but the text features have D = " + std::to_string(width) +
                           "; use features of the same encoder");
  }
}

void require_labels(const formats::Array& array, std::int64_t rows, const std::filesystem::path& path) {
  if (array.shape().size() != 1)
    base::refuse(path, "labels must have the shape [rows]; its shape is " + runtime::shape_text(array.shape()));
  if (!at::isIntegralType(array.type(), /*includeBool=*/false)) {
    base::refuse(path, "labels must be integers; its type is " + std::string(toString(array.type())));
  }
  if (array.rows() != rows) {
    base::refuse(
        path, "it has " + base::counted(array.rows(), "label") + " for " + base::counted(rows, "row") + " of features");
  }
}

torch::Tensor checked_features(const torch::Tensor& stored, ZeroRows zero_rows, std::int64_t first,
                               const std::filesystem::path& path) {
  const torch::Tensor rows = stored.to(torch::kDouble);  // in float32, the norm of values above 2e19 overflows
  const torch::Tensor not_finite = rows.isfinite().all(/*dim=*/1).logical_not();
  if (not_finite.any().item<bool>())
    base::refuse(path, "row " + first_row(not_finite, first) + " has a NaN or an infinity");
  const torch::Tensor zero = (rows == 0).all(/*dim=*/1);
  if (zero_rows == ZeroRows::refuse && zero.any().item<bool>()) {
    base::refuse(path, "row " + first_row(zero, first) + " is all zeros, which is not a valid feature");
  }
  return unit_rows(rows).to(torch::kFloat);
}

torch::Tensor checked_labels(const torch::Tensor& stored, std::int64_t class_count, std::int64_t first,
                             const std::filesystem::path& path) {
  torch::Tensor labels = stored.to(torch::kLong);
  const torch::Tensor outside = (labels < 0).logical_or(labels >= class_count);
  if (outside.any().item<bool>()) {
    const auto position = outside.nonzero()[0].item<std::int64_t>();
    base::refuse(path, "row " + std::to_string(first + position) + " has the label " +
                           std::to_string(labels[position].item<std::int64_t>()) + ", but the classes are 0 to " +
                           std::to_string(class_count - 1));
  }
  return labels;
}

}  // namespace trefoil::data
