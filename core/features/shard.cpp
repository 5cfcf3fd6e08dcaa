#include "features/shard.h"

#include <ATen/ops/empty.h>

#include <cstring>
#include <string>
#include <utility>

#include "base/errors.h"
#include "formats/safetensors_writer.h"

namespace trefoil::features {

namespace {

constexpr const char* kItems = "items";        // [n, 32] uint8, SHA-256 of the item whose feature the row is
constexpr const char* kFeatures = "features";  // [n, D] float32
constexpr const char* kSums = "sums";          // [n, 32] uint8, SHA-256 of each item together with its feature

// Returns the SHA-256 of an item together with its feature. features [n, D] is contiguous.
base::Digest sum_of(const base::Digest& item, const torch::Tensor& features, std::int64_t row) {
  const std::int64_t width = features.size(1);
  std::string bytes(reinterpret_cast<const char*>(item.data()), item.size());
  bytes.append(reinterpret_cast<const char*>(features.data_ptr<float>() + row * width),
               static_cast<std::size_t>(width) * sizeof(float));
  return base::sha256_digest(bytes);
}

bool holds_digests(const formats::ArrayHeader& header) {
  return header.type == torch::kByte && header.shape.size() == 2 && header.shape[1] == sizeof(base::Digest);
}

torch::Tensor as_tensor(const std::vector<base::Digest>& digests) {
  torch::Tensor bytes = torch::empty({static_cast<std::int64_t>(digests.size()), sizeof(base::Digest)}, torch::kByte);
  std::memcpy(bytes.data_ptr(), digests.data(), digests.size() * sizeof(base::Digest));
  return bytes;
}

std::vector<base::Digest> read_digests(const std::filesystem::path& file, const formats::ArrayHeader& header) {
  const torch::Tensor bytes = formats::array_at(file, header)->read_all();
  std::vector<base::Digest> digests(static_cast<std::size_t>(bytes.size(0)));
  std::memcpy(digests.data(), bytes.data_ptr(), bytes.nbytes());
  return digests;
}

}  // namespace

Shard::Shard(std::filesystem::path file) : file_(std::move(file)) {
  std::map<std::string, formats::ArrayHeader> tensors = formats::read_safetensors_header(file_).tensors;
  items_ = tensors[kItems];
  features_ = tensors[kFeatures];
  sums_ = tensors[kSums];
  if (!holds_digests(items_) || !holds_digests(sums_) || features_.type != torch::kFloat ||
      features_.shape.size() != 2 || features_.shape[0] != items_.shape[0] || sums_.shape[0] != items_.shape[0]) {
    throw DataError(file_.string() + ": it is not a shard of a feature store");
  }
}

Shard Shard::write(const std::filesystem::path& folder, const std::vector<base::Digest>& items,
                   const torch::Tensor& features) {
  const torch::Tensor names = as_tensor(items);
  const torch::Tensor rows = features.contiguous();
  std::vector<base::Digest> sums;
  for (std::size_t i = 0; i < items.size(); ++i) sums.push_back(sum_of(items[i], rows, static_cast<std::int64_t>(i)));
  const std::string name =
      base::sha256({static_cast<const char*>(names.data_ptr()), static_cast<std::size_t>(names.numel())});
  const std::filesystem::path file = folder / (name + ".safetensors");
  formats::SafetensorsWriter writer(file,
                                    {{kItems, torch::kByte, names.sizes().vec()},
                                     {kFeatures, torch::kFloat, rows.sizes().vec()},
                                     {kSums, torch::kByte, names.sizes().vec()}},
                                    {});
  writer.append(names);
  writer.append(rows);
  writer.append(as_tensor(sums));
  writer.commit();
  return Shard(file);
}

std::vector<base::Digest> Shard::items() const { return read_digests(file_, items_); }

std::vector<std::int32_t> Shard::changed_rows() const {
  const std::vector<base::Digest> items = this->items();
  const std::vector<base::Digest> sums = read_digests(file_, sums_);
  const torch::Tensor rows = features()->read_all();
  std::vector<std::int32_t> changed;
  for (std::size_t row = 0; row < items.size(); ++row) {
    if (sum_of(items[row], rows, static_cast<std::int64_t>(row)) != sums[row])
      changed.push_back(static_cast<std::int32_t>(row));
  }
  return changed;
}

}  // namespace trefoil::features
