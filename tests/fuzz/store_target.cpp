// A shard of the feature store. The first two bytes are the length of its header.
#include "features/store.h"
#include "fuzz_file.h"
#include "refusal.h"

using namespace trefoil;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const fuzz::Folder folder;
  folder.write("encoder/shard.safetensors", fuzz::safetensors_file(data, size));
  features::FeatureStore store(folder.path(), "encoder", "{}");
  std::vector<features::RowRef> rows;
  for (const char letter : {'a', 'b', 'c'}) {  // the items of the corpus
    base::Digest item{};
    item.fill(static_cast<std::uint8_t>(letter));
    if (const auto row = store.find(item)) rows.push_back(*row);
  }
  if (!rows.empty()) store.read(rows);
  for (const std::string& damage : store.take_damage()) {
    if (damage.find(folder.path().string()) == std::string::npos) std::abort();
  }
  return 0;
}
