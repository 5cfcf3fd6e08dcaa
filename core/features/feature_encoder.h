// FeatureEncoder: features of images and texts, from the store where they are there, from the encoder where not.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "config/experiment.h"
#include "features/encoder_key.h"
#include "features/image_blocks.h"
#include "features/store.h"
#include "runtime/compute.h"
#include "runtime/plugin_host.h"
#include "trefoil/encoder.h"

namespace trefoil::features {

enum class OnBadImage { fail, skip };

struct EncodeOptions {
  std::filesystem::path store;  // folder of the feature store
  runtime::Compute compute;
  OnBadImage on_bad_image = OnBadImage::fail;
};

// Places in the store, one an image; nothing for an image that could not be read and is skipped.
using ImagePlaces = std::vector<std::optional<Place>>;

class FeatureEncoder {
 public:
  FeatureEncoder(const runtime::PluginChoice& choice, const runtime::RunContext& run, const EncodeOptions& options);

  // Reads every file, and encodes what the store has not. Memory does not depend on the number of images, but for a
  // few bytes for each. With `fail`, throws DataError naming all bad images before any is encoded, as far as their
  // headers tell. `stage` names the work in the progress.
  ImagePlaces images(const std::vector<std::filesystem::path>& files, const Views& views, const std::string& stage);

  // Features [m, D] float32 as the encoder gives them.
  torch::Tensor texts(const std::vector<std::string>& texts);

  // Features of the classes [C, D] of an encoder without texts; undefined for any other.
  torch::Tensor class_features(const std::vector<std::string>& class_names) const;

  // [m, t] int64, or undefined.
  torch::Tensor tokens(const std::vector<std::string>& texts);

  const FeatureStore& store() const { return store_; }
  const EncoderKey& key() const { return key_; }

  // SHA-256 over the contents of all images that were read so far, in their order.
  const std::string& images_sha256() const { return images_sha256_; }

 private:
  void load();
  std::int64_t width() const;
  std::vector<ScannedImage> scan(const std::vector<std::filesystem::path>& files, const Views& views);
  // Encodes them, and returns what went wrong with some: "FILE: why".
  std::vector<std::string> encode(const std::vector<std::filesystem::path>& files, const Views& views,
                                  const std::string& stage);
  void encode_texts(const std::vector<std::string>& texts);
  // Warns of what the store found to be damaged.
  void report_damage();
  // Throws, or warns, by the policy.
  void report(const std::vector<std::string>& problems, std::size_t images);

  runtime::RunContext run_;
  EncodeOptions options_;
  EncoderKey key_;
  FeatureStore store_;
  runtime::HostedPlugin<Encoder> encoder_;
  bool is_loaded_ = false;
  std::string images_sha256_;
};

}  // namespace trefoil::features
