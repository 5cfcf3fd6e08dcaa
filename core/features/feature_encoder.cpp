#include "features/feature_encoder.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/errors.h"
#include "base/text.h"
#include "features/shard_buffer.h"
#include "runtime/blocks.h"

namespace trefoil::features {

namespace {

// The number of image files that are encoded together. It does not depend on the number of threads, so that features do
// not either.
std::int64_t images_in_block(const runtime::Compute& compute, const Views& views) {
  const std::int64_t views_in_block = compute.device.is_cuda() ? 256 : 16;
  return std::max<std::int64_t>(1, views_in_block / std::max<std::int64_t>(1, views.count));
}

base::Digest item_of(const std::string& text) { return base::sha256_digest("text " + text); }

template <typename Item>
std::vector<Item> slice(const std::vector<Item>& items, std::int64_t first, std::int64_t count) {
  return {items.begin() + first, items.begin() + first + count};
}

// Returns one line for each of the first problems.
std::string lines_of(const std::vector<std::string>& problems) {
  constexpr std::size_t kMost = 20;
  std::string text;
  for (std::size_t i = 0; i < std::min(problems.size(), kMost); ++i) text += "\n  " + problems[i];
  if (problems.size() > kMost) text += "\n  and " + base::counted(problems.size() - kMost, "more image");
  return text;
}

// The result of encoding a block of image files.
struct EncodedImages {
  std::vector<base::Digest> items;
  torch::Tensor features;  // [m, D], one row for each item; undefined without items
  std::vector<std::string> problems;
  std::int64_t files = 0;
};

// Calls work(buffer). The features in the buffer reach the store even when `work` fails or is interrupted.
template <typename Work>
void with_buffer(FeatureStore& store, Work work) {
  ShardBuffer buffer(store);
  try {
    work(buffer);
  } catch (...) {
    buffer.flush();
    throw;
  }
  buffer.flush();
}

}  // namespace

FeatureEncoder::FeatureEncoder(const runtime::PluginChoice& choice, const runtime::RunContext& run,
                               const EncodeOptions& options)
    : run_(run),
      options_(options),
      key_(encoder_key(choice, options.compute.device, options.decode, run.sums)),
      store_(options.store, key_.sha256, key_.description),
      encoder_(choice, run) {
  report_damage();
}

void FeatureEncoder::report_damage() {
  for (const std::string& damage : store_.take_damage()) {
    run_.observer.log(LogLevel::warning, damage + "; these features are ignored and encoded again");
  }
}

void FeatureEncoder::load() {
  if (is_loaded_) return;
  encoder_.plugin.change("load", [&](Encoder& encoder) { encoder.load(options_.compute.device); });
  is_loaded_ = true;
}

std::int64_t FeatureEncoder::width() const {
  return encoder_.plugin.call("width", [](const Encoder& encoder) { return encoder.width(); });
}

ScannedImages FeatureEncoder::scan(std::vector<std::filesystem::path> files, const Views& views) {
  constexpr std::int64_t kBlock = 32;
  ScannedImages scanned{std::move(files), views, {}};
  const auto total = static_cast<std::int64_t>(scanned.files.size());
  scanned.images.reserve(scanned.files.size());
  const auto work = [&](std::int64_t first, std::int64_t count) {
    std::vector<ScannedImage> block;
    for (const auto& file : slice(scanned.files, first, count)) block.push_back(scan_image(file, views));
    return block;
  };
  runtime::in_blocks(total, kBlock, options_.compute.threads, work, [&](const std::vector<ScannedImage>& block) {
    scanned.images.insert(scanned.images.end(), block.begin(), block.end());
    run_.observer.progress("read", static_cast<std::int64_t>(scanned.images.size()), total);
  });
  if (options_.on_bad_image == OnBadImage::fail) report(problems_of(scanned), scanned.files.size());
  return scanned;
}

std::vector<std::string> FeatureEncoder::problems_of(const ScannedImages& scanned) {
  std::vector<std::string> problems;
  for (std::size_t i = 0; i < scanned.files.size(); ++i) {
    const std::string& problem = scanned.images[i].problem;
    if (!problem.empty()) problems.push_back(scanned.files[i].string() + ": " + problem);
  }
  return problems;
}

ImageFeatures FeatureEncoder::images(const ScannedImages& scanned, const std::string& stage) {
  std::vector<std::filesystem::path> wanted;
  std::set<base::Digest> seen;
  for (std::size_t i = 0; i < scanned.files.size(); ++i) {
    const ScannedImage& image = scanned.images[i];
    images_sha256_ = base::sha256(images_sha256_ + base::hexadecimal(image.content));
    if (image.problem.empty() && !store_.find(image.item) && seen.insert(image.item).second) {
      wanted.push_back(scanned.files[i]);
    }
  }
  report_damage();
  std::vector<std::string> problems = problems_of(scanned);
  if (!wanted.empty()) {
    const std::vector<std::string> found_later = encode(wanted, scanned.views, stage);
    problems.insert(problems.end(), found_later.begin(), found_later.end());
  }
  report(problems, scanned.files.size());

  ImageFeatures features;
  for (std::size_t i = 0; i < scanned.files.size(); ++i) {
    const ScannedImage& image = scanned.images[i];
    features.rows.push_back(image.problem.empty() ? store_.find(image.item) : std::nullopt);
    features.contents.push_back(image.content);
    if (!features.rows[i] && options_.on_bad_image == OnBadImage::fail) {
      throw DataError(scanned.files[i].string() + ": the file was changed while it was being read");
    }
  }
  return features;
}

std::vector<std::string> FeatureEncoder::encode(const std::vector<std::filesystem::path>& files, const Views& views,
                                                const std::string& stage) {
  load();
  const runtime::KeepFreedBlocks keep_memory;
  const std::int64_t feature_width = width();
  const PixelFormat format =
      encoder_.plugin.call("pixel_format", [](const Encoder& encoder) { return encoder.pixel_format(); });
  runtime::check_pixel_format(format, encoder_.plugin.label());
  const PixelWriter writer(format);
  const auto total = static_cast<std::int64_t>(files.size());
  const std::int64_t block_size = images_in_block(options_.compute, views);

  const auto work = [&](std::int64_t first, std::int64_t count) {
    PixelBlock block = read_pixels(slice(files, first, count), views, format, options_.decode, writer);
    EncodedImages encoded{std::move(block.items), {}, std::move(block.problems), count};
    if (encoded.items.empty()) return encoded;
    torch::Tensor features = encoder_.plugin.call(
        "encode_images", [&](const Encoder& encoder) { return encoder.encode_images(block.pixels); });
    runtime::check_features(features, block.pixels.size(0), feature_width, encoder_.plugin.label());
    // Tip-Adapter, APE and the Track-1 entry average the raw outputs of the views, not unit vectors.
    if (views.count > 0) features = features.view({-1, views.count, feature_width}).mean(1);
    encoded.features = features;
    return encoded;
  };

  std::vector<std::string> problems;
  std::int64_t done = 0;
  with_buffer(store_, [&](ShardBuffer& buffer) {
    runtime::in_blocks(total, block_size, options_.compute.threads, work, [&](const EncodedImages& encoded) {
      buffer.add(encoded.items, encoded.features);
      problems.insert(problems.end(), encoded.problems.begin(), encoded.problems.end());
      if (options_.on_bad_image == OnBadImage::fail) report(problems, files.size());
      done += encoded.files;
      run_.observer.progress(stage, done, total);
    });
  });
  return problems;
}

void FeatureEncoder::report(const std::vector<std::string>& problems, std::size_t images) {
  if (problems.empty()) return;
  const std::string of_images =
      base::grouped(static_cast<std::int64_t>(problems.size())) + " of " + base::counted(images, "image");
  if (options_.on_bad_image == OnBadImage::fail) {
    throw DataError("cannot use " + of_images + ":" + lines_of(problems) +
                    "\nrepair or remove these files, or skip them with on_bad_image = \"skip\"");
  }
  run_.observer.log(LogLevel::warning, "skipped " + of_images + ":" + lines_of(problems));
}

torch::Tensor FeatureEncoder::texts(const std::vector<std::string>& texts) {
  std::vector<std::string> wanted;
  std::set<std::string> seen;
  for (const std::string& text : texts) {
    if (!store_.find(item_of(text)) && seen.insert(text).second) wanted.push_back(text);
  }
  report_damage();
  if (!wanted.empty()) encode_texts(wanted);
  std::vector<RowRef> rows;
  rows.reserve(texts.size());
  for (const std::string& text : texts) rows.push_back(store_.find(item_of(text)).value());
  return store_.read(rows);
}

void FeatureEncoder::encode_texts(const std::vector<std::string>& texts) {
  constexpr std::int64_t kBlock = 128;
  load();
  const runtime::KeepFreedBlocks keep_memory;
  encoder_.plugin.call("check_texts", [&](const Encoder& encoder) { encoder.check_texts(texts); });
  const std::int64_t feature_width = width();
  const auto work = [&](std::int64_t first, std::int64_t count) {
    const std::vector<std::string> block = slice(texts, first, count);
    const torch::Tensor features =
        encoder_.plugin.call("encode_texts", [&](const Encoder& encoder) { return encoder.encode_texts(block); });
    runtime::check_features(features, count, feature_width, encoder_.plugin.label());
    std::vector<base::Digest> items;
    items.reserve(block.size());
    for (const std::string& text : block) items.push_back(item_of(text));
    return std::make_pair(items, features);
  };
  const auto total = static_cast<std::int64_t>(texts.size());
  std::int64_t done = 0;
  with_buffer(store_, [&](ShardBuffer& buffer) {
    runtime::in_blocks(total, kBlock, options_.compute.threads, work, [&](const auto& block) {
      buffer.add(block.first, block.second);
      done += static_cast<std::int64_t>(block.first.size());
      run_.observer.progress("encode texts", done, total);
    });
  });
}

torch::Tensor FeatureEncoder::class_features(const std::vector<std::string>& class_names) const {
  torch::Tensor features = encoder_.plugin.call(
      "class_features", [&](const Encoder& encoder) { return encoder.class_features(class_names); });
  if (features.defined()) {
    const auto classes = static_cast<std::int64_t>(class_names.size());
    runtime::check_features(features, classes, features.dim() == 2 ? features.size(1) : 0, encoder_.plugin.label());
  }
  return features;
}

torch::Tensor FeatureEncoder::tokens(const std::vector<std::string>& texts) {
  load();
  return encoder_.plugin.call("tokens", [&](const Encoder& encoder) { return encoder.tokens(texts); });
}

}  // namespace trefoil::features
