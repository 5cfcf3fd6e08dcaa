#include "features/store.h"

#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/atomic_file.h"
#include "base/errors.h"
#include "data/array.h"
#include "data/safetensors_writer.h"

namespace trefoil::features {

namespace {

constexpr const char* kItems = "items";        // [n, 32] uint8, SHA-256 of what each row is the feature of
constexpr const char* kFeatures = "features";  // [n, D] float32

std::unique_ptr<data::Array> open(const std::filesystem::path& file, const char* tensor) {
  return data::open_array(file.string() + "#" + tensor);
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
    if (items->type() != torch::kByte || items->shape().size() != 2 || items->shape()[1] != sizeof(base::Digest) ||
        features->type() != torch::kFloat || features->shape().size() != 2 || features->rows() != items->rows()) {
      throw DataError(file.string() + ": it is not a part of a feature store");
    }
    index(file, items->read_all());
  } catch (const DataError& error) {
    damaged_.emplace_back(error.what());
  }
}

void FeatureStore::index(const std::filesystem::path& file, const torch::Tensor& items) {
  const auto shard = static_cast<std::int32_t>(shards_.size());
  shards_.push_back(file);
  const auto* bytes = items.data_ptr<std::uint8_t>();
  for (std::int32_t row = 0; row < items.size(0); ++row, bytes += sizeof(base::Digest)) {
    base::Digest item{};
    std::memcpy(item.data(), bytes, item.size());
    places_.insert_or_assign(item, Place{shard, row});
  }
}

std::optional<Place> FeatureStore::find(const base::Digest& item) const {
  const auto found = places_.find(item);
  return found == places_.end() ? std::nullopt : std::optional<Place>(found->second);
}

torch::Tensor FeatureStore::read(const std::vector<Place>& places) const {
  std::vector<torch::Tensor> rows(places.size());
  std::unique_ptr<data::Array> shard;
  for (std::size_t i = 0; i < places.size(); ++i) {
    const bool same_shard = i > 0 && places[i].shard == places[i - 1].shard;
    if (!same_shard) shard = open(shards_.at(static_cast<std::size_t>(places[i].shard)), kFeatures);
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
  const torch::Tensor sums = as_tensor(items);
  const std::string name =
      base::sha256({static_cast<const char*>(sums.data_ptr()), static_cast<std::size_t>(sums.numel())});
  const std::filesystem::path file = folder_ / (name + ".safetensors");
  data::SafetensorsWriter writer(
      file, {{kItems, torch::kByte, sums.sizes().vec()}, {kFeatures, torch::kFloat, features.sizes().vec()}}, {});
  writer.append(sums);
  writer.append(features);
  writer.commit();
  index(file, sums);
}

}  // namespace trefoil::features
