#include "data/task.h"

#include <utility>

#include "base/errors.h"
#include "data/checked.h"

namespace trefoil::data {

Queries::Queries(std::shared_ptr<const formats::Array> features, const std::filesystem::path& features_path,
                 std::shared_ptr<const formats::Array> labels, const std::filesystem::path& labels_path,
                 std::int64_t width, std::int64_t class_count, QueryNames names)
    : features_(std::move(features)),
      labels_(std::move(labels)),
      features_path_(features_path),
      labels_path_(labels_path),
      class_count_(class_count),
      names_(std::move(names)) {
  require_features(*features_, width, features_path_);
  if (features_->rows() == 0) throw DataError(features_path_.string() + ": it has no queries to classify");
  if (labels_) require_labels(*labels_, features_->rows(), class_count, labels_path_);
}

std::string Queries::name(std::int64_t row) const {
  const auto place = static_cast<std::size_t>(row);
  if (!names_.names.empty()) return names_.names.at(place);
  return std::to_string(names_.rows.empty() ? row : names_.rows.at(place));
}

QueryBlock Queries::read(std::int64_t first, std::int64_t count) const {
  QueryBlock block;
  const auto begin = names_.unreadable.lower_bound(first);
  const auto end = names_.unreadable.lower_bound(first + count);
  for (auto row = begin; row != end; ++row) block.unreadable.push_back(*row - first);
  const ZeroRows zero_rows = block.unreadable.empty() ? ZeroRows::refuse : ZeroRows::keep;
  block.features = checked_features(features_->read(first, count), zero_rows, first, features_path_);
  if (labels_) block.labels = checked_labels(labels_->read(first, count), class_count_, first, labels_path_);
  return block;
}

}  // namespace trefoil::data
