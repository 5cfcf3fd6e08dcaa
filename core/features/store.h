// FeatureStore: computed features on disk, for reuse by later runs.
//
// The store has one folder for each encoder. Its name is a SHA-256 of everything that decides the features of the
// encoder. The folder has "shards": .safetensors files with features and, for each feature, the SHA-256 of its item (an
// image with its views, or a text). So a feature cannot be out of date: if something that decides it changes, its key
// changes.
//
// A shard is written under a temporary name and then renamed to the SHA-256 of its items. Runs that share a store
// cannot damage each other's files, and a killed run loses only the features that it had not written yet.
//
// A SHA-256 of each item together with its feature is stored in the shard, and is checked when a process first uses the
// shard. A feature that was damaged on disk is ignored, so it is encoded again.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/sha256.h"
#include "features/digest_index.h"
#include "features/shard.h"
#include "trefoil/tensor.h"

namespace trefoil::features {

class FeatureStore {
 public:
  // Reads which features the store has. The folder is created when the first feature is added. `description` is written
  // to encoder.json in this folder, for people. A shard that cannot be read is ignored, and reported by `take_damage`.
  FeatureStore(const std::filesystem::path& root, const std::string& encoder_key, std::string description);

  // Returns nothing when the store has no undamaged feature of the item.
  std::optional<RowRef> find(const base::Digest& item);

  // Returns features [n, D] float32, in the order of `rows`, n > 0. Several threads may call it at once while nothing
  // is added. Throws DataError when a shard was removed.
  torch::Tensor read(const std::vector<RowRef>& rows) const;

  // Writes the features [n, D] float32 of n items, n > 0, as one shard. Throws RunError when this fails.
  void add(const std::vector<base::Digest>& items, const torch::Tensor& features);

  // Returns the damage that was found since the last call: path and reason, one line for each file.
  std::vector<std::string> take_damage() { return std::exchange(damage_, {}); }
  const std::filesystem::path& folder() const { return folder_; }

 private:
  struct IndexedShard {
    Shard shard;
    bool is_checked = false;  // whether its features were compared with their SHA-256
  };

  void index(IndexedShard shard, const std::vector<base::Digest>& items);
  void check(std::int32_t number);

  std::filesystem::path folder_;
  std::string description_;
  std::vector<IndexedShard> shards_;
  DigestIndex index_;
  std::vector<std::string> damage_;
};

}  // namespace trefoil::features
