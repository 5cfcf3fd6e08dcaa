// Shard: a file of a feature store, with some features and the SHA-256 of their items.
#pragma once

#include <filesystem>
#include <vector>

#include "base/sha256.h"
#include "formats/array.h"
#include "trefoil/tensor.h"

namespace trefoil::features {

// A shard on disk. Its header is read once, so that reading features later costs opening the file and no more.
class Shard {
 public:
  // Throws DataError when the file cannot be read, or is not a shard.
  explicit Shard(std::filesystem::path file);

  // Writes a shard of the features [n, D] float32 of n items, n > 0, under the SHA-256 of its items, with a SHA-256 of
  // each item together with its feature. Throws RunError when this fails.
  static Shard write(const std::filesystem::path& folder, const std::vector<base::Digest>& items,
                     const torch::Tensor& features);

  const std::filesystem::path& file() const { return file_; }

  // Opens the features [n, D] float32. Throws DataError when the file was removed.
  std::unique_ptr<formats::Array> features() const { return formats::array_at(file_, features_); }

  // Reads the SHA-256 of the n items. Throws DataError.
  std::vector<base::Digest> items() const;

  // Reads everything. Returns the rows whose item or feature is not what was written. Throws DataError.
  std::vector<std::int32_t> changed_rows() const;

 private:
  std::filesystem::path file_;
  formats::ArrayHeader items_;
  formats::ArrayHeader features_;
  formats::ArrayHeader sums_;
};

}  // namespace trefoil::features
