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

// Returns the labels [n] of one-hot rows [n, C].
torch::Tensor labels_of_one_hot(const torch::Tensor& rows, std::int64_t first, const std::filesystem::path& path) {
  const torch::Tensor values = rows.to(torch::kDouble);
  const torch::Tensor wrong = ((values == 1).sum(1) != 1).logical_or((values != 0).sum(1) != 1);
  if (wrong.any().item<bool>())
    base::refuse(path, "row " + first_row(wrong, first) + " is not one-hot: it must have one 1, and zeros");
  return values.argmax(1);
}

}  // namespace

void require_features(const formats::Array& array, std::int64_t width, const std::filesystem::path& path) {
  if (array.shape().size() != 2 || array.shape()[1] < 1) {
    base::refuse(path, "features must have the shape [rows, D]; its shape is " + runtime::shape_text(array.shape()));
  }
  if (!at::isFloatingType(array.type()))
    base::refuse(path, "features must be floating-point numbers; its type is " + std::string(toString(array.type())));
  if (width >= 0 && array.shape()[1] != width && array.shape()[0] == width) {
    base::refuse(path, "it looks transposed: its shape is " + runtime::shape_text(array.shape()) +
                           ", but the shape [rows, " + std::to_string(width) +
                           "] is expected; save its transpose, for example numpy.save(FILE, ARRAY.T)");
  }
  if (width >= 0 && array.shape()[1] != width) {
    base::refuse(path, "its features have D = " + std::to_string(array.shape()[1]) +
                           ", but the text features have D = " + std::to_string(width) +
                           "; use features of the same encoder");
  }
}

void require_labels(const formats::Array& array, std::int64_t rows, std::int64_t class_count,
                    const std::filesystem::path& path) {
  const std::vector<std::int64_t>& shape = array.shape();
  const bool is_list = shape.size() == 1 || (shape.size() == 2 && (shape[1] == 1 || shape[1] == class_count));
  if (!is_list) {
    base::refuse(path, "labels must have the shape [rows], [rows, 1] or, one-hot, [rows, " +
                           std::to_string(class_count) + "]; its shape is " + runtime::shape_text(shape));
  }
  if (at::isComplexType(array.type()))
    base::refuse(path, "labels must be whole numbers; its type is " + std::string(toString(array.type())));
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
  torch::Tensor unit = unit_rows(rows).to(torch::kFloat);
  // The squares of values such as 1e200 or 1e-200 overflow or underflow even in double.
  const torch::Tensor has_length = (unit.square().sum(/*dim=*/1) - 1).abs() < 1e-3;
  const torch::Tensor lost = has_length.logical_or(zero).logical_not();
  if (lost.any().item<bool>()) {
    base::refuse(path, "row " + first_row(lost, first) +
                           " has values that are too large or too small to be scaled to unit length");
  }
  return unit;
}

torch::Tensor checked_labels(const torch::Tensor& stored, std::int64_t class_count, std::int64_t first,
                             const std::filesystem::path& path) {
  if (stored.dim() == 2 && stored.size(1) > 1) return labels_of_one_hot(stored, first, path);
  const torch::Tensor numbers = stored.flatten();
  torch::Tensor labels = numbers.to(torch::kLong);
  const torch::Tensor fractions = labels.to(torch::kDouble) != numbers.to(torch::kDouble);
  if (at::isFloatingType(stored.scalar_type()) && fractions.any().item<bool>())
    base::refuse(path, "row " + first_row(fractions, first) + " has a label that is not a whole number");
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
