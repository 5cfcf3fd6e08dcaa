#include "features/image_queries.h"

#include <ATen/ops/tensor.h>

#include <algorithm>
#include <utility>

#include "base/errors.h"
#include "base/text.h"
#include "features/stored_features.h"

namespace trefoil::features {

namespace {

data::QueryNames names_of(const data::Dataset& dataset, const ImageRows& rows) {
  const std::vector<data::ImageEntry>& images = dataset.test;
  data::QueryNames names;
  names.folder = dataset.test_folder;
  for (std::size_t i = 0; i < images.size(); ++i) {
    names.names.push_back(images[i].name);
    if (!rows[i]) names.unreadable.insert(static_cast<std::int64_t>(i));
  }
  return names;
}

// Checks one feature only, because all come from the same encoder.
void require_width(const FeatureStore& store, const ImageRows& rows, std::int64_t width) {
  const auto present = std::find_if(rows.begin(), rows.end(), [](const auto& row) { return row.has_value(); });
  if (present == rows.end()) return;
  const std::int64_t found = store.read({**present}).size(1);
  if (found != width) {
    throw DataError("the image features of the encoder have D = " + std::to_string(found) +
                    ", but the text features have D = " + std::to_string(width) +
                    "; use texts and images of the same encoder");
  }
}

}  // namespace

std::vector<std::filesystem::path> files_of(const std::vector<data::ImageEntry>& images) {
  std::vector<std::filesystem::path> files;
  files.reserve(images.size());
  for (const data::ImageEntry& image : images) files.push_back(image.file);
  return files;
}

torch::Tensor labels_of(const std::vector<data::ImageEntry>& images) {
  std::vector<std::int64_t> labels;
  labels.reserve(images.size());
  for (const data::ImageEntry& image : images) labels.push_back(image.label);
  return at::tensor(labels, torch::kLong);
}

std::shared_ptr<const data::Queries> image_queries(const data::Dataset& dataset, ImageRows rows,
                                                   std::int64_t class_count, std::int64_t width,
                                                   const FeatureEncoder& encoder, std::vector<std::string>& notes) {
  require_width(encoder.store(), rows, width);
  data::QueryNames names = names_of(dataset, rows);
  if (!names.unreadable.empty()) {
    notes.push_back("could not read " + base::counted(names.unreadable.size(), "test image") +
                    ": the lines of the submission for such images come from the class prior, that is, the number of "
                    "training images of each class");
  }
  const std::filesystem::path folder = encoder.store().folder();
  std::shared_ptr<const formats::Array> labels;
  if (dataset.test_is_labelled()) labels = formats::array_of(labels_of(dataset.test));
  return std::make_shared<data::Queries>(std::make_shared<StoredFeatures>(encoder.store(), std::move(rows), width),
                                         folder, labels, folder, width, class_count, std::move(names));
}

}  // namespace trefoil::features
