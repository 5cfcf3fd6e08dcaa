// Task: the data of an experiment as features. The support is in memory. Queries are read by blocks, from disk if the
// layout allows it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "data/dataset.h"
#include "formats/array.h"
#include "trefoil/support.h"
#include "trefoil/tensor.h"

namespace trefoil::data {

struct QueryBlock {
  torch::Tensor features;                // [n, D] float32, unit rows
  torch::Tensor labels;                  // [n] int64; undefined without labels
  std::vector<std::int64_t> unreadable;  // rows of the block whose images could not be read; their features are zero
};

// The names of queries. Features without images have no names; their row numbers are used instead.
struct QueryNames {
  std::vector<std::string> names;     // N, or empty
  std::filesystem::path folder;       // the names are relative to it
  std::set<std::int64_t> unreadable;  // rows without a feature
  std::vector<std::int64_t> rows;     // N, the row numbers in the file of which the queries are a part; or empty
};

// N query features, with or without labels.
class Queries {
 public:
  // The paths are for messages. Throws DataError when the arrays do not have N rows of width D and N labels.
  Queries(std::shared_ptr<const formats::Array> features, const std::filesystem::path& features_path,
          std::shared_ptr<const formats::Array> labels, const std::filesystem::path& labels_path, std::int64_t width,
          std::int64_t class_count, QueryNames names = {});

  std::int64_t count() const { return features_->rows(); }
  std::int64_t width() const { return features_->shape().at(1); }
  bool labelled() const { return labels_ != nullptr; }

  // Returns the name of the row in a submission: the name of its image, or the row number in its file.
  std::string name(std::int64_t row) const;

  // Returns the image of the row, or "" when there are only features.
  std::filesystem::path image(std::int64_t row) const {
    return names_.names.empty() ? "" : names_.folder / names_.names.at(static_cast<std::size_t>(row));
  }

  // Returns the rows whose images could not be read.
  const std::set<std::int64_t>& unreadable() const { return names_.unreadable; }

  // Returns the rows [first, first + count), checked and scaled to unit length. Several threads may call it at once.
  // Throws DataError with the number of a row that is zero, not finite, or has a label of no class.
  QueryBlock read(std::int64_t first, std::int64_t count) const;

 private:
  std::shared_ptr<const formats::Array> features_;
  std::shared_ptr<const formats::Array> labels_;  // may be null
  std::filesystem::path features_path_;
  std::filesystem::path labels_path_;
  std::int64_t class_count_;
  QueryNames names_;
};

struct Task {
  std::vector<std::string> class_names;  // C
  std::vector<std::string> subsets;      // C, the subset of each class; empty when there are no subsets
  Support support;
  torch::Tensor given_text;  // [C, D], the texts before missing ones were estimated; undefined if none was estimated
  torch::Tensor estimated;   // [C] bool, the classes whose images were estimated from their texts; undefined if none
  std::shared_ptr<const Queries> query;
  std::shared_ptr<const Queries> validation;  // null when there is none
  std::vector<std::filesystem::path> files;   // all files that were read, for the provenance
  std::vector<std::string> notes;             // warnings for the user, for example about estimated texts
  std::vector<ImageEntry> support_images;     // in the order of the list, not sorted by class; empty without images
  std::string images_sha256;                  // SHA-256 over the contents of all images; "" without images
};

}  // namespace trefoil::data
