// Task: what an experiment works on. The support is in memory; queries are read by blocks, from their files where those
// allow it.
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
  torch::Tensor labels;                  // [n] int64, undefined without labels
  std::vector<std::int64_t> unreadable;  // row numbers within the block whose image could not be read: zero features
};

// What queries are called. Features have no names: they are called by their row number.
struct QueryNames {
  std::vector<std::string> names;     // N, or empty
  std::filesystem::path folder;       // of the images that they name
  std::set<std::int64_t> unreadable;  // rows without a feature
};

// N query features, and their labels if there are any.
class Queries {
 public:
  // `path` names the source in messages. Throws DataError when the shapes disagree with the width D or each other.
  Queries(std::shared_ptr<const formats::Array> features, const std::filesystem::path& features_path,
          std::shared_ptr<const formats::Array> labels, const std::filesystem::path& labels_path, std::int64_t width,
          std::int64_t class_count, QueryNames names = {});

  std::int64_t count() const { return features_->rows(); }
  bool labelled() const { return labels_ != nullptr; }

  // What the row is called in a submission: the image's name, or the row number.
  std::string name(std::int64_t row) const {
    return names_.names.empty() ? std::to_string(row) : names_.names.at(static_cast<std::size_t>(row));
  }

  // The image of the row; "" for features.
  std::filesystem::path image(std::int64_t row) const {
    return names_.names.empty() ? "" : names_.folder / names_.names.at(static_cast<std::size_t>(row));
  }

  // Rows [first, first + count), checked and normalised. Safe to call from several threads. Throws DataError naming the
  // row that is zero, not finite, or labelled with a class that does not exist.
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
  std::vector<std::string> subsets;      // C, which part of the data each class belongs to; empty when there are none
  Support support;
  torch::Tensor given_text;  // [C, D] the texts before those of zero rows were estimated from the images;
                             // undefined when none was
  torch::Tensor estimated;   // [C] bool, the classes whose images were estimated from their texts; undefined when
                             // none were
  std::shared_ptr<const Queries> query;
  std::shared_ptr<const Queries> validation;  // null when there is none
  std::vector<std::filesystem::path> files;   // everything that was read, for the provenance
  std::vector<std::string> notes;             // what the user should know about how gaps were filled
  std::vector<ImageEntry> support_images;     // in the order they were chosen, where there are images
  std::string images_sha256;                  // over the contents of all images, where there are images
};

}  // namespace trefoil::data
