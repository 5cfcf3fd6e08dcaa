// FeatureEncoder: returns features of images and texts. It reads them from the store, and encodes those that are
// missing.
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
  formats::Decode decode = formats::Decode::exact;
};

// The row in the store for each image. An image that could not be read and is skipped has none.
using ImageRows = std::vector<std::optional<RowRef>>;

// Image files that were read but not decoded.
struct ScannedImages {
  std::vector<std::filesystem::path> files;
  Views views;
  std::vector<ScannedImage> images;  // one for each file
};

struct ImageFeatures {
  ImageRows rows;                      // one for each file
  std::vector<base::Digest> contents;  // SHA-256 of each file; zero when it cannot be read
};

class FeatureEncoder {
 public:
  FeatureEncoder(const runtime::PluginChoice& choice, const runtime::RunContext& run, const EncodeOptions& options);

  // Reads every file. With OnBadImage::fail, throws DataError with all images whose headers are bad.
  ScannedImages scan(std::vector<std::filesystem::path> files, const Views& views);

  // Encodes the images that the store does not have. Needs only a few bytes of memory for each image. `stage` is the
  // name of this stage in the progress.
  ImageFeatures images(const ScannedImages& scanned, const std::string& stage);

  // Returns the features [m, D] float32 of the texts, not scaled to unit length.
  torch::Tensor texts(const std::vector<std::string>& texts);

  // Returns the features [C, D] of the classes, for an encoder that has them and no text encoder; undefined otherwise.
  torch::Tensor class_features(const std::vector<std::string>& class_names) const;

  // Returns the tokens [m, t] int64 of the texts, or an undefined tensor if the encoder has none.
  torch::Tensor tokens(const std::vector<std::string>& texts);

  // Writes a line to the log of the run.
  void log(const std::string& line) const { run_.observer.log(LogLevel::info, line); }

  const FeatureStore& store() const { return store_; }
  const EncoderKey& key() const { return key_; }

  // Returns a SHA-256 over the contents of all images that `images` was called with so far, in their order.
  const std::string& images_sha256() const { return images_sha256_; }

 private:
  void load();
  std::int64_t width() const;
  // Lists the problems of the images: "FILE: reason".
  static std::vector<std::string> problems_of(const ScannedImages& scanned);
  // Encodes the files, and returns the problems.
  std::vector<std::string> encode(const std::vector<std::filesystem::path>& files, const Views& views,
                                  const std::string& stage);
  void encode_texts(const std::vector<std::string>& texts);
  // Logs a warning for each damaged file of the store.
  void report_damage();
  // Throws DataError or logs a warning, as options_.on_bad_image says.
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
