// Task: what an experiment works on. The support is in memory; queries are read by blocks, from their files where those
// allow it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "data/array.h"
#include "trefoil/support.h"
#include "trefoil/tensor.h"

namespace trefoil::data {

struct QueryBlock {
  torch::Tensor features;  // [n, D] float32, unit rows
  torch::Tensor labels;    // [n] int64, undefined without labels
};

// N query features, and their labels if there are any.
class Queries {
 public:
  // `path` names the source in messages. Throws DataError when the shapes disagree with the width D or each other.
  Queries(std::shared_ptr<const Array> features, const std::filesystem::path& features_path,
          std::shared_ptr<const Array> labels, const std::filesystem::path& labels_path, std::int64_t width,
          std::int64_t class_count);

  std::int64_t count() const { return features_->rows(); }
  bool labelled() const { return labels_ != nullptr; }

  // What the row is called in a submission: its number, for features have no file names.
  std::string name(std::int64_t row) const { return std::to_string(row); }

  // Rows [first, first + count), checked and normalised. Safe to call from several threads. Throws DataError naming the
  // row that is zero, not finite, or labelled with a class that does not exist.
  QueryBlock read(std::int64_t first, std::int64_t count) const;

 private:
  std::shared_ptr<const Array> features_;
  std::shared_ptr<const Array> labels_;  // may be null
  std::filesystem::path features_path_;
  std::filesystem::path labels_path_;
  std::int64_t class_count_;
};

struct Task {
  std::vector<std::string> class_names;  // C
  Support support;
  std::shared_ptr<const Queries> query;
  std::shared_ptr<const Queries> validation;  // null when there is none
  std::vector<std::filesystem::path> files;   // everything that was read, for the provenance
  std::vector<std::string> notes;             // what the user should know about how gaps were filled
};

}  // namespace trefoil::data
