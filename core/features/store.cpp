#include "features/store.h"

#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>

#include <algorithm>
#include <cstring>
#include <numeric>
#include <utility>

#include "base/atomic_file.h"
#include "base/errors.h"
#include "base/text.h"
#include "formats/array.h"
#include "formats/safetensors_writer.h"

namespace trefoil::features {

namespace {

constexpr const char* kItems = "items";        // [n, 32] uint8, SHA-256 of the item whose feature the row is
constexpr const char* kFeatures = "features";  // [n, D] float32
constexpr const char* kSums = "sums";          // [n, 32] uint8, SHA-256 of each item together with its feature

std::unique_ptr<formats::Array> open(const std::filesystem::path& file, const char* tensor) {
  return formats::open_array(file.string() + "#" + tensor);
}

base::Digest digest_at(const torch::Tensor& digests, std::int64_t row) {
  base::Digest digest{};
  std::memcpy(digest.data(), digests.data_ptr<std::uint8_t>() + row * digests.size(1), digest.size());
  return digest;
}

// Returns the SHA-256 of an item together with its feature. features [n, D] is contiguous.
base::Digest sum_of(const base::Digest& item, const torch::Tensor& features, std::int64_t row) {
  const std::int64_t width = features.size(1);
  std::string bytes(reinterpret_cast<const char*>(item.data()), item.size());
  bytes.append(reinterpret_cast<const char*>(features.data_ptr<float>() + row * width),
               static_cast<std::size_t>(width) * sizeof(float));
  return base::sha256_digest(bytes);
}

bool holds_digests(const formats::Array& array) {
  return array.type() == torch::kByte && array.shape().size() == 2 && array.shape()[1] == sizeof(base::Digest);
}

torch::Tensor as_tensor(const std::vector<base::Digest>& items) {
  torch::Tensor bytes = torch::empty({static_cast<std::int64_t>(items.size()), sizeof(base::Digest)}, torch::kByte);
  std::memcpy(bytes.data_ptr(), items.data(), items.size() * sizeof(base::Digest));
  return bytes;
}

}  // namespace

std::size_t FeatureStore::DigestHash::operator()(const base::Digest& digest) const {
  std::size_t hash = 0;  // the bytes of a SHA-256 are evenly distributed
  std::memcpy(&hash, digest.data(), sizeof(hash));
  return hash;
}

FeatureStore::FeatureStore(const std::filesystem::path& root, const std::string& encoder_key, std::string description)
    : folder_(root / encoder_key), description_(std::move(description)) {
  base::remove_old_temporary_files(folder_);
  std::error_code absent;
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder_, absent)) {
    if (entry.path().extension() == ".safetensors") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  for (const std::filesystem::path& file : files) read_index(file);
}

void FeatureStore::read_index(const std::filesystem::path& file) {
  try {
    const auto items = open(file, kItems);
    const auto features = open(file, kFeatures);
    const auto sums = open(file, kSums);
    if (!holds_digests(*items) || !holds_digests(*sums) || features->type() != torch::kFloat ||
        features->shape().size() != 2 || features->rows() != items->rows() || sums->rows() != items->rows()) {
      throw DataError(file.string() + ": it is not a shard of a feature store");
    }
    index(file, items->read_all(), /*is_checked=*/false);
  } catch (const DataError& error) {
    damage_.emplace_back(error.what());
  }
}

void FeatureStore::index(const std::filesystem::path& file, const torch::Tensor& items, bool is_checked) {
  const auto shard = static_cast<std::int32_t>(shards_.size());
  shards_.push_back({file, is_checked});
  for (std::int32_t row = 0; row < items.size(0); ++row) {
    const base::Digest item = digest_at(items, row);
    const auto [entry, is_new] = rows_.emplace(item, RowRef{shard, row});
    if (!is_new) duplicate_rows_.emplace(item, RowRef{shard, row});
  }
}

std::optional<RowRef> FeatureStore::find(const base::Digest& item) {
  for (auto found = rows_.find(item); found != rows_.end(); found = rows_.find(item)) {
    const RowRef row = found->second;
    if (shards_.at(static_cast<std::size_t>(row.shard)).is_checked) return row;
    check(row.shard);
  }
  return std::nullopt;
}

void FeatureStore::check(std::int32_t shard) {
  Shard& checked = shards_.at(static_cast<std::size_t>(shard));
  checked.is_checked = true;
  const torch::Tensor items = open(checked.file, kItems)->read_all();
  const torch::Tensor features = open(checked.file, kFeatures)->read_all();
  const torch::Tensor sums = open(checked.file, kSums)->read_all();
  std::size_t wrong = 0;
  for (std::int32_t row = 0; row < items.size(0); ++row) {
    const base::Digest item = digest_at(items, row);
    if (sum_of(item, features, row) == digest_at(sums, row)) continue;
    forget(item, {shard, row});
    ++wrong;
  }
  if (wrong == 0) return;
  damage_.push_back(checked.file.string() + ": " + base::grouped(static_cast<std::int64_t>(wrong)) + " of " +
                    base::counted(items.size(0), "feature") + " changed on disk after writing (by SHA-256)");
}

void FeatureStore::forget(const base::Digest& item, RowRef row) {
  const auto is_row = [&](const auto& entry) { return entry.second.shard == row.shard && entry.second.row == row.row; };
  const auto [first, last] = duplicate_rows_.equal_range(item);
  if (const auto other = std::find_if(first, last, is_row); other != last) duplicate_rows_.erase(other);
  const auto found = rows_.find(item);
  if (found == rows_.end() || !is_row(*found)) return;
  rows_.erase(found);
  const auto next = duplicate_rows_.find(item);
  if (next == duplicate_rows_.end()) return;
  rows_.emplace(item, next->second);
  duplicate_rows_.erase(next);
}

torch::Tensor FeatureStore::read(const std::vector<RowRef>& rows) const {
  std::vector<std::size_t> order(rows.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return rows[a].shard < rows[b].shard; });
  std::vector<torch::Tensor> features(rows.size());
  std::unique_ptr<formats::Array> shard;
  std::int32_t opened = -1;  // each shard is opened only once, because opening it reads its header
  for (const std::size_t i : order) {
    if (rows[i].shard != opened) {
      opened = rows[i].shard;
      shard = open(shards_.at(static_cast<std::size_t>(opened)).file, kFeatures);
    }
    features[i] = shard->read(rows[i].row, 1);
  }
  return at::cat(features);
}

void FeatureStore::add(const std::vector<base::Digest>& items, const torch::Tensor& features) {
  std::error_code failure;
  std::filesystem::create_directories(folder_, failure);
  if (failure) throw RunError(folder_.string() + ": the folder cannot be created: " + failure.message());
  if (!std::filesystem::exists(folder_ / "encoder.json")) {
    base::write_atomically(folder_ / "encoder.json", description_);
  }
  const torch::Tensor names = as_tensor(items);
  const torch::Tensor rows = features.contiguous();
  std::vector<base::Digest> sums;
  for (std::size_t i = 0; i < items.size(); ++i) sums.push_back(sum_of(items[i], rows, static_cast<std::int64_t>(i)));
  const std::string name =
      base::sha256({static_cast<const char*>(names.data_ptr()), static_cast<std::size_t>(names.numel())});
  const std::filesystem::path file = folder_ / (name + ".safetensors");
  formats::SafetensorsWriter writer(file,
                                    {{kItems, torch::kByte, names.sizes().vec()},
                                     {kFeatures, torch::kFloat, rows.sizes().vec()},
                                     {kSums, torch::kByte, names.sizes().vec()}},
                                    {});
  writer.append(names);
  writer.append(rows);
  writer.append(as_tensor(sums));
  writer.commit();
  index(file, names, /*is_checked=*/true);
}

}  // namespace trefoil::features
