#include "features/store.h"

#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>

#include <algorithm>
#include <cstring>
#include <numeric>
#include <utility>

#include "base/atomic_file.h"
#include "base/errors.h"
#include "formats/array.h"
#include "formats/safetensors_writer.h"

namespace trefoil::features {

namespace {

constexpr const char* kItems = "items";        // [n, 32] uint8, SHA-256 of what each row is the feature of
constexpr const char* kFeatures = "features";  // [n, D] float32
constexpr const char* kSums = "sums";          // [n, 32] uint8, SHA-256 of each item and its feature

std::unique_ptr<formats::Array> open(const std::filesystem::path& file, const char* tensor) {
  return formats::open_array(file.string() + "#" + tensor);
}

base::Digest digest_at(const torch::Tensor& digests, std::int64_t row) {
  base::Digest digest{};
  std::memcpy(digest.data(), digests.data_ptr<std::uint8_t>() + row * digests.size(1), digest.size());
  return digest;
}

// features [n, D], contiguous.
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
  std::size_t hash = 0;  // any part of a SHA-256 is as good as random
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
      throw DataError(file.string() + ": it is not a part of a feature store");
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
    const auto [known, is_new] = places_.emplace(item, Place{shard, row});
    if (!is_new) more_places_.emplace(item, Place{shard, row});
  }
}

std::optional<Place> FeatureStore::find(const base::Digest& item) {
  for (auto found = places_.find(item); found != places_.end(); found = places_.find(item)) {
    const Place place = found->second;
    if (shards_.at(static_cast<std::size_t>(place.shard)).is_checked) return place;
    check(place.shard);
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
  damage_.push_back(checked.file.string() + ": " + std::to_string(wrong) + " of " + std::to_string(items.size(0)) +
                    " features are not what was written (by their SHA-256)");
}

void FeatureStore::forget(const base::Digest& item, Place place) {
  const auto is_place = [&](const auto& entry) {
    return entry.second.shard == place.shard && entry.second.row == place.row;
  };
  const auto [first, last] = more_places_.equal_range(item);
  if (const auto other = std::find_if(first, last, is_place); other != last) more_places_.erase(other);
  const auto found = places_.find(item);
  if (found == places_.end() || !is_place(*found)) return;
  places_.erase(found);
  const auto next = more_places_.find(item);
  if (next == more_places_.end()) return;
  places_.emplace(item, next->second);
  more_places_.erase(next);
}

torch::Tensor FeatureStore::read(const std::vector<Place>& places) const {
  std::vector<std::size_t> order(places.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return places[a].shard < places[b].shard; });
  std::vector<torch::Tensor> rows(places.size());
  std::unique_ptr<formats::Array> shard;
  std::int32_t opened = -1;  // opening a shard reads its header, so each is opened once
  for (const std::size_t i : order) {
    if (places[i].shard != opened) {
      opened = places[i].shard;
      shard = open(shards_.at(static_cast<std::size_t>(opened)).file, kFeatures);
    }
    rows[i] = shard->read(places[i].row, 1);
  }
  return at::cat(rows);
}

void FeatureStore::add(const std::vector<base::Digest>& items, const torch::Tensor& features) {
  std::error_code failure;
  std::filesystem::create_directories(folder_, failure);
  if (failure) throw RunError(folder_.string() + ": cannot be made: " + failure.message());
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
