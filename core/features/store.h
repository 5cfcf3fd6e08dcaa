// FeatureStore: features that have been computed before, on disk.
//
// A folder for each encoder, named by everything that decides its features; in it "shards", .safetensors files with
// some features and, for each, the SHA-256 of what it is the feature of. A shard is written whole under the sum of
// those sums, so that runs which share a store cannot harm each other, and a run that was killed loses only what it had
// not yet written. Nothing in it can be stale: whatever changes a feature changes its name. A SHA-256 over each item
// and its feature is stored beside them, and is compared when a process first uses the shard: a feature that was
// damaged on disk is left out, so that it is encoded again.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/sha256.h"
#include "trefoil/tensor.h"

namespace trefoil::features {

// Where a feature lies.
struct Place {
  std::int32_t shard = 0;
  std::int32_t row = 0;
};

class FeatureStore {
 public:
  // Reads which features are there; the folder is made when the first is added. `description` is written beside them,
  // for people. A shard that cannot be read is left out, and named in `take_damage`.
  FeatureStore(const std::filesystem::path& root, const std::string& encoder_key, std::string description);

  // Nothing when the item is not there, or is damaged wherever it is.
  std::optional<Place> find(const base::Digest& item);

  // [n, D] float32, in the order of the places, n > 0. Safe to call from several threads while nothing is added. Throws
  // DataError when a shard has gone.
  torch::Tensor read(const std::vector<Place>& places) const;

  // Writes features [n, D] float32 of n items, n > 0, as a shard. Throws RunError when that fails.
  void add(const std::vector<base::Digest>& items, const torch::Tensor& features);

  // The damage found since the last call, one line for each file: path and reason.
  std::vector<std::string> take_damage() { return std::exchange(damage_, {}); }
  const std::filesystem::path& folder() const { return folder_; }

 private:
  struct DigestHash {
    std::size_t operator()(const base::Digest& digest) const;
  };

  void read_index(const std::filesystem::path& file);
  void index(const std::filesystem::path& file, const torch::Tensor& items, bool is_checked);
  void check(std::int32_t shard);
  void forget(const base::Digest& item, Place place);

  std::filesystem::path folder_;
  std::string description_;
  struct Shard {
    std::filesystem::path file;
    bool is_checked;  // its features were compared with their sums
  };

  std::vector<Shard> shards_;
  std::unordered_map<base::Digest, Place, DigestHash> places_;
  std::unordered_multimap<base::Digest, Place, DigestHash> more_places_;  // of items that several shards have
  std::vector<std::string> damage_;
};

}  // namespace trefoil::features
