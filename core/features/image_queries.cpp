#include "features/image_queries.h"

#include <ATen/ops/tensor.h>

#include <algorithm>
#include <utility>

#include "base/errors.h"
#include "features/stored_features.h"

namespace trefoil::features {

namespace {

data::QueryNames names_of(const data::Dataset& dataset, const ImagePlaces& places) {
  const std::vector<data::ImageEntry>& images = dataset.test;
  data::QueryNames names;
  names.folder = dataset.test_folder;
  for (std::size_t i = 0; i < images.size(); ++i) {
    names.names.push_back(images[i].name);
    if (!places[i]) names.unreadable.insert(static_cast<std::int64_t>(i));
  }
  return names;
}

// One feature tells for all: they are of one encoder.
void require_width(const FeatureStore& store, const ImagePlaces& places, std::int64_t width) {
  const auto present = std::find_if(places.begin(), places.end(), [](const auto& place) { return place.has_value(); });
  if (present == places.end()) return;
  const std::int64_t found = store.read({**present}).size(1);
  if (found != width) {
    throw DataError("the encoder's image features have D = " + std::to_string(found) +
                    ", the text features have D = " + std::to_string(width) + "; were they made by the same encoder?");
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

std::shared_ptr<const data::Queries> image_queries(const data::Dataset& dataset, std::int64_t class_count,
                                                   std::int64_t width, FeatureEncoder& encoder,
                                                   std::vector<std::string>& notes) {
  ImagePlaces places = encoder.images(files_of(dataset.test), {}, "encode test images");
  require_width(encoder.store(), places, width);
  data::QueryNames names = names_of(dataset, places);
  if (!names.unreadable.empty()) {
    notes.push_back(std::to_string(names.unreadable.size()) +
                    " test images could not be read: their lines in the submission come from the class prior, that "
                    "is, from how many training images the classes have");
  }
  const std::filesystem::path folder = encoder.store().folder();
  std::shared_ptr<const formats::Array> labels;
  if (dataset.test_is_labelled()) labels = formats::array_of(labels_of(dataset.test));
  return std::make_shared<data::Queries>(std::make_shared<StoredFeatures>(encoder.store(), std::move(places), width),
                                         folder, labels, folder, width, class_count, std::move(names));
}

}  // namespace trefoil::features
