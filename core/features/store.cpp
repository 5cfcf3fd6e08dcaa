#include "features/store.h"

#include <ATen/ops/cat.h>

#include <algorithm>
#include <numeric>
#include <utility>

#include "base/atomic_file.h"
#include "base/errors.h"
#include "base/text.h"

namespace trefoil::features {

FeatureStore::FeatureStore(const std::filesystem::path& root, const std::string& encoder_key, std::string description)
    : folder_(root / encoder_key), description_(std::move(description)) {
  base::remove_old_temporary_files(folder_);
  std::error_code absent;
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder_, absent)) {
    if (entry.path().extension() == ".safetensors") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  for (const std::filesystem::path& file : files) {
    try {
      Shard shard(file);
      const std::vector<base::Digest> items = shard.items();
      index({std::move(shard), /*is_checked=*/false}, items);
    } catch (const DataError& error) {
      damage_.emplace_back(error.what());
    }
  }
}

void FeatureStore::index(IndexedShard shard, const std::vector<base::Digest>& items) {
  const auto number = static_cast<std::int32_t>(shards_.size());
  shards_.push_back(std::move(shard));
  for (std::size_t row = 0; row < items.size(); ++row) index_.add(items[row], {number, static_cast<std::int32_t>(row)});
}

std::optional<RowRef> FeatureStore::find(const base::Digest& item) {
  for (auto found = index_.find(item); found; found = index_.find(item)) {
    if (shards_.at(static_cast<std::size_t>(found->shard)).is_checked) return found;
    check(found->shard);
  }
  return std::nullopt;
}

void FeatureStore::check(std::int32_t number) {
  IndexedShard& checked = shards_.at(static_cast<std::size_t>(number));
  checked.is_checked = true;
  const std::vector<std::int32_t> changed = checked.shard.changed_rows();
  if (changed.empty()) return;
  const std::vector<base::Digest> items = checked.shard.items();
  for (const std::int32_t row : changed) index_.remove(items.at(static_cast<std::size_t>(row)), {number, row});
  damage_.push_back(checked.shard.file().string() + ": " + base::grouped(static_cast<std::int64_t>(changed.size())) +
                    " of " + base::counted(items.size(), "feature") + " changed on disk after writing (by SHA-256)");
}

torch::Tensor FeatureStore::read(const std::vector<RowRef>& rows) const {
  std::vector<std::size_t> order(rows.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return rows[a].shard < rows[b].shard; });
  std::vector<torch::Tensor> features(rows.size());
  std::unique_ptr<formats::Array> shard;
  std::int32_t opened = -1;  // each shard is opened only once
  for (const std::size_t i : order) {
    if (rows[i].shard != opened) {
      opened = rows[i].shard;
      shard = shards_.at(static_cast<std::size_t>(opened)).shard.features();
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
  index({Shard::write(folder_, items, features), /*is_checked=*/true}, items);
}

}  // namespace trefoil::features
