#include "features/store.h"

#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <limits>
#include <set>
#include <thread>

#include "base/errors.h"
#include "features/shard_buffer.h"
#include "support/catch.h"
#include "support/files.h"

using namespace tests;
using namespace trefoil::features;
using trefoil::DataError;
using trefoil::RunError;
using trefoil::base::Digest;

namespace {

using ItemNumbers = std::vector<int>;

constexpr std::int64_t kWidth = 4;

// Items are named by numbers here.
Digest item(int number) { return trefoil::base::sha256_digest("item " + std::to_string(number)); }

std::vector<Digest> items(const ItemNumbers& numbers) {
  std::vector<Digest> result;
  for (const int number : numbers) result.push_back(item(number));
  return result;
}

torch::Tensor features(const ItemNumbers& numbers) {
  const torch::Tensor first = torch::tensor(std::vector<float>(numbers.begin(), numbers.end())).unsqueeze(1) * 10;
  return (first + torch::arange(kWidth)).to(torch::kFloat);
}

ItemNumbers range(int first, int count) {
  ItemNumbers numbers;
  for (int i = 0; i < count; ++i) numbers.push_back(first + i);
  return numbers;
}

FeatureStore store_in(const TemporaryFolder& folder) { return {folder.path(), "key", "{}"}; }

void add(FeatureStore& store, const ItemNumbers& numbers) { store.add(items(numbers), features(numbers)); }

// Whether the store has all of them, and the right features.
template <typename Store>
bool holds(Store&& store, const ItemNumbers& numbers) {
  std::vector<RowRef> places;
  for (const int number : numbers) {
    const std::optional<RowRef> place = store.find(item(number));
    if (!place) return false;
    places.push_back(*place);
  }
  return store.read(places).equal(features(numbers));
}

template <typename Store>
bool holds_none(Store&& store, const ItemNumbers& numbers) {
  return std::none_of(numbers.begin(), numbers.end(), [&](int number) { return store.find(item(number)); });
}

std::set<std::filesystem::path> shards_of(FeatureStore& store) {
  std::set<std::filesystem::path> files;
  if (!std::filesystem::exists(store.folder())) return files;
  for (const auto& entry : std::filesystem::directory_iterator(store.folder())) {
    if (entry.path().extension() == ".safetensors") files.insert(entry.path());
  }
  return files;
}

// The shard that the call adds.
template <typename Call>
std::filesystem::path new_shard(FeatureStore& store, Call call) {
  const std::set<std::filesystem::path> before = shards_of(store);
  call();
  std::vector<std::filesystem::path> added;
  for (const auto& file : shards_of(store)) {
    if (before.count(file) == 0) added.push_back(file);
  }
  REQUIRE(added.size() == 1);
  return added.front();
}

void overwrite(const std::filesystem::path& file, const std::string& bytes) {
  std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
}

}  // namespace

TEST_CASE("features come out of the store as they went in", "[features]") {
  const TemporaryFolder folder;
  FeatureStore store = store_in(folder);
  REQUIRE(store.folder() == folder / "key");
  REQUIRE(holds_none(store, {1, 2, 3}));
  add(store, {1, 2, 3});
  REQUIRE(holds(store, {1, 2, 3}));
  REQUIRE(holds_none(store, {0, 4}));
  const torch::Tensor read = store.read({store.find(item(2)).value()});
  REQUIRE(read.scalar_type() == torch::kFloat);
  REQUIRE(read.equal(torch::tensor({20.0F, 21.0F, 22.0F, 23.0F}).unsqueeze(0)));
  REQUIRE(store.take_damage().empty());
}

TEST_CASE("features are kept bit by bit, whatever they are", "[features]") {
  const TemporaryFolder folder;
  FeatureStore store = store_in(folder);
  const float infinity = std::numeric_limits<float>::infinity();
  const torch::Tensor odd = torch::tensor({-0.0F, 1e-45F, infinity, 1.0F / 3}).unsqueeze(0);
  // Columns of a wider table, which do not lie together in memory.
  store.add(items({1, 2}), at::cat({odd, odd * 2}).repeat({1, 2}).slice(1, 0, 8, 2));
  const torch::Tensor expected = at::cat({odd, odd * 2}).repeat({1, 2}).slice(1, 0, 8, 2).contiguous();
  const torch::Tensor read = store.read({*store.find(item(1)), *store.find(item(2))});
  REQUIRE(std::memcmp(read.data_ptr(), expected.data_ptr(), expected.nbytes()) == 0);
}

TEST_CASE("a store makes its folder when the first feature is added, and describes itself there", "[features]") {
  const TemporaryFolder folder;
  FeatureStore store(folder / "deep/store", "key", "{\"encoder\": \"x\"}\n");
  REQUIRE(std::filesystem::is_empty(folder.path()));
  add(store, {1});
  REQUIRE(tests::read(folder / "deep/store/key/encoder.json") == "{\"encoder\": \"x\"}\n");
  REQUIRE(shards_of(store).size() == 1);
  REQUIRE(std::distance(std::filesystem::directory_iterator(store.folder()), {}) == 2);
}

TEST_CASE("a store that cannot be written says so", "[features]") {
  const TemporaryFolder folder;
  folder.write("key", "a file where the folder should be");
  FeatureStore store = store_in(folder);
  REQUIRE_THROWS_AS(add(store, {1}), RunError);
  REQUIRE_THROWS_WITH(add(store, {1}), ContainsSubstring((folder / "key").string()));
  REQUIRE(holds_none(store, {1}));
}

TEST_CASE("features are read in any order, and more than once", "[features]") {
  const TemporaryFolder folder;
  FeatureStore store = store_in(folder);
  add(store, {1, 2, 3});
  add(store, {4});
  add(store, {5, 6});
  REQUIRE(shards_of(store).size() == 3);
  for (const ItemNumbers& numbers : {ItemNumbers{1, 2, 3, 4, 5, 6}, ItemNumbers{6, 5, 4, 3, 2, 1},
                                     ItemNumbers{3, 6, 1, 4, 2, 5}, ItemNumbers{5, 5, 1, 5}}) {
    REQUIRE(holds(store, numbers));
  }
  REQUIRE_FALSE(store.read({*store.find(item(1))}).equal(features({2})));
}

TEST_CASE("another store sees what was written before it was opened", "[features]") {
  const TemporaryFolder folder;
  FeatureStore store = store_in(folder);
  add(store, {1, 2});
  FeatureStore other = store_in(folder);
  REQUIRE(holds(other, {2, 1}));
  REQUIRE(other.take_damage().empty());
  add(other, {3});
  REQUIRE(holds(other, {3, 1}));
  REQUIRE(holds_none(store, {3}));
  REQUIRE(holds(store_in(folder), {1, 2, 3}));
}

TEST_CASE("another encoder sees nothing", "[features]") {
  const TemporaryFolder folder;
  FeatureStore store(folder.path(), "one", "{}");
  FeatureStore other(folder.path(), "other", "{}");
  add(store, {1, 2});
  other.add(items({2}), features({7}));
  REQUIRE(holds_none(FeatureStore(folder.path(), "third", "{}"), {1, 2}));
  FeatureStore again(folder.path(), "other", "{}");
  REQUIRE(holds_none(again, {1}));
  REQUIRE(again.read({*again.find(item(2))}).equal(features({7})));
  REQUIRE(holds(FeatureStore(folder.path(), "one", "{}"), {1, 2}));
}

TEST_CASE("two stores on one folder do not harm each other", "[features]") {
  const TemporaryFolder folder;
  FeatureStore one = store_in(folder);
  FeatureStore two = store_in(folder);
  add(one, {1, 2, 3});
  add(two, {1, 2, 3});     // the same shard
  add(two, {3, 2, 1, 4});  // the same and another
  add(one, {5, 4});
  add(two, {6});
  REQUIRE(holds(one, {1, 2, 3, 4, 5}));
  REQUIRE(holds(two, {1, 2, 3, 4, 6}));
  REQUIRE(shards_of(one).size() == 4);
  FeatureStore after = store_in(folder);
  REQUIRE(holds(after, {6, 5, 4, 3, 2, 1}));
  REQUIRE(after.take_damage().empty());
}

TEST_CASE("stores of several threads add to one folder at once", "[features]") {
  const TemporaryFolder folder;
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&folder, thread] {
      FeatureStore store = store_in(folder);
      for (int i = 0; i < 10; ++i) add(store, range(100 * thread + 2 * i, 2));
    });
  }
  for (std::thread& thread : threads) thread.join();
  FeatureStore store = store_in(folder);
  REQUIRE(store.take_damage().empty());
  for (int thread = 0; thread < 4; ++thread) REQUIRE(holds(store, range(100 * thread, 20)));
}

TEST_CASE("a damaged shard is left out and named, and the others remain", "[features]") {
  const TemporaryFolder folder;
  FeatureStore store = store_in(folder);
  add(store, {1, 2});
  const auto file = new_shard(store, [&] { add(store, {3, 4}); });
  add(store, {5});
  const std::string whole = tests::read(file);
  const auto header = [](const char* item_shape, const char* type, const char* feature_shape, int item_end, int end) {
    return R"({"items":{"dtype":"U8","shape":)" + std::string(item_shape) + R"(,"data_offsets":[0,)" +
           std::to_string(item_end) + R"(]},"features":{"dtype":")" + type + R"(","shape":)" + feature_shape +
           R"(,"data_offsets":[)" + std::to_string(item_end) + "," + std::to_string(end) +
           R"(]},"sums":{"dtype":"U8","shape":[1,32],"data_offsets":[)" + std::to_string(end) + "," +
           std::to_string(end + 32) + "]}}";
  };
  const std::string zeros(128, '\0');
  const std::vector<std::string> damages = {
      "", "garbage", std::string(1000, '\xff'), whole.substr(0, whole.size() - 1), whole.substr(0, whole.size() / 2),
      whole.substr(0, 20), std::string(whole.size(), '\0'),
      // safetensors that are no shard
      safetensors(R"({"x":{"dtype":"U8","shape":[128],"data_offsets":[0,128]}})", zeros),
      safetensors(header("[32]", "F32", "[1,16]", 32, 96), zeros),
      safetensors(header("[2,16]", "F32", "[2,8]", 32, 96), zeros),
      safetensors(header("[1,32]", "F32", "[2,8]", 32, 96), zeros),
      safetensors(header("[1,32]", "F64", "[1,8]", 32, 96), zeros),
      safetensors(header("[1,32]", "F32", "[16]", 32, 96), zeros)};
  for (const std::string& damage : damages) {
    overwrite(file, damage);
    FeatureStore after = store_in(folder);
    const std::vector<std::string> damage_found = after.take_damage();
    REQUIRE(damage_found.size() == 1);
    REQUIRE_THAT(damage_found.at(0), ContainsSubstring(file.string()));
    REQUIRE(holds_none(after, {3, 4}));
    REQUIRE(holds(after, {5, 2, 1}));
  }
  overwrite(file, safetensors(header("[1,32]", "F32", "[1,16]", 32, 96), zeros));
  REQUIRE(store_in(folder).take_damage().empty());
}

TEST_CASE("every cut of a shard is noticed", "[features]") {
  const TemporaryFolder folder;
  FeatureStore store = store_in(folder);
  const auto file = new_shard(store, [&] { add(store, {1}); });
  const std::string whole = tests::read(file);
  for (std::size_t length = 0; length < whole.size(); ++length) {
    overwrite(file, whole.substr(0, length));
    if (store_in(folder).take_damage().size() != 1) FAIL("cut at " << length);
  }
  overwrite(file, whole);
  REQUIRE(holds(store_in(folder), {1}));
}

TEST_CASE("every flipped bit of a shard's numbers is noticed, and costs the damaged feature only", "[features]") {
  const TemporaryFolder folder;
  FeatureStore store = store_in(folder);
  const auto file = new_shard(store, [&] { add(store, {1, 2}); });
  const std::string whole = tests::read(file);
  std::uint64_t header = 0;
  std::memcpy(&header, whole.data(), sizeof(header));
  for (std::size_t byte = sizeof(header) + header; byte < whole.size(); ++byte) {
    std::string flipped = whole;
    flipped[byte] = static_cast<char>(flipped[byte] ^ 4);
    overwrite(file, flipped);
    FeatureStore after = store_in(folder);
    const bool first = after.find(item(1)).has_value();
    const bool second = after.find(item(2)).has_value();
    if (first == second) FAIL("byte " << byte << ": one of two features is damaged, found " << first + second);
    const std::vector<std::string> damage = after.take_damage();
    REQUIRE(damage.size() == 1);
    REQUIRE_THAT(damage.at(0), ContainsSubstring(file.string()) && ContainsSubstring("1 of 2 features"));
  }
}

TEST_CASE("a damaged feature is taken from another shard that holds it", "[features]") {
  const TemporaryFolder folder;
  FeatureStore store = store_in(folder);
  const auto file = new_shard(store, [&] { add(store, {1, 2}); });
  add(store, {1, 3});
  std::string bytes = tests::read(file);
  bytes[bytes.size() - 1] ^= 1;   // the sum of the second feature
  bytes[bytes.size() - 64] ^= 1;  // the sum of the first
  overwrite(file, bytes);
  FeatureStore after = store_in(folder);
  REQUIRE(holds(after, {1, 3}));
  REQUIRE(holds_none(after, {2}));
}

TEST_CASE("what a damaged shard held can be added again, which mends it", "[features]") {
  const TemporaryFolder folder;
  {
    FeatureStore store = store_in(folder);
    add(store, {1, 2});
    overwrite(*shards_of(store).begin(), "garbage");
  }
  FeatureStore store = store_in(folder);
  REQUIRE(store.take_damage().size() == 1);
  add(store, {1, 2});
  REQUIRE(holds(store, {1, 2}));
  FeatureStore after = store_in(folder);
  REQUIRE(after.take_damage().empty());
  REQUIRE(holds(after, {1, 2}));
}

TEST_CASE("a shard that goes during the run is an error with its path", "[features]") {
  const TemporaryFolder folder;
  FeatureStore store = store_in(folder);
  const auto file = new_shard(store, [&] { add(store, {1}); });
  add(store, {2});
  const RowRef place = store.find(item(1)).value();
  std::filesystem::remove(file);
  REQUIRE_THROWS_AS(store.read({place}), DataError);
  REQUIRE_THROWS_WITH(store.read({place}), ContainsSubstring(file.string()));
  REQUIRE(holds(store, {2}));
}

TEST_CASE("a temporary file left over by a killed run is ignored", "[features]") {
  const TemporaryFolder folder;
  FeatureStore store = store_in(folder);
  const auto file = new_shard(store, [&] { add(store, {1}); });
  const auto moved = std::filesystem::path(file.string() + ".partial-1");
  std::filesystem::rename(file, moved);
  overwrite(folder / "key/0123.safetensors.partial-2", "half");
  overwrite(folder / "key/notes.txt", "not a shard");
  FeatureStore after = store_in(folder);
  REQUIRE(after.take_damage().empty());
  REQUIRE(holds_none(after, {1}));
  add(after, {1});
  REQUIRE(holds(store_in(folder), {1}));
  REQUIRE(std::filesystem::exists(moved));
}

TEST_CASE("a buffer writes nothing before it is flushed or full", "[features]") {
  const TemporaryFolder folder;
  FeatureStore store = store_in(folder);
  ShardBuffer buffer(store);
  buffer.flush();
  buffer.add({}, torch::zeros({0, kWidth}));
  buffer.flush();
  REQUIRE(shards_of(store).empty());
  buffer.add(items({1, 2}), features({1, 2}));
  buffer.add(items({3}), features({3}));
  REQUIRE(shards_of(store).empty());
  REQUIRE(holds_none(store, {1, 2, 3}));
  buffer.flush();
  REQUIRE(shards_of(store).size() == 1);
  REQUIRE(holds(store, {3, 1, 2}));
  buffer.flush();
  REQUIRE(shards_of(store).size() == 1);
  buffer.add(items({4}), features({4}));
  buffer.flush();
  REQUIRE(shards_of(store).size() == 2);
  REQUIRE(holds(store, {1, 2, 3, 4}));
}

TEST_CASE("what a buffer has flushed outlives it", "[features]") {
  const TemporaryFolder folder;
  FeatureStore store = store_in(folder);
  {
    ShardBuffer buffer(store);
    for (int number = 0; number < 50; ++number) buffer.add(items({number}), features({number}));
    buffer.flush();
  }
  REQUIRE(holds(store, range(0, 50)));
  REQUIRE(holds(store_in(folder), range(0, 50)));
}

TEST_CASE("1,024 rows start a shard", "[features]") {
  const TemporaryFolder folder;
  FeatureStore store = store_in(folder);
  ShardBuffer buffer(store);
  const auto add_range = [&](int first, int count) {
    buffer.add(items(range(first, count)), features(range(first, count)));
  };
  add_range(0, 1000);
  add_range(1000, 23);
  REQUIRE(shards_of(store).empty());
  add_range(1023, 1);
  REQUIRE(shards_of(store).size() == 1);
  REQUIRE(holds(store, range(0, 1024)));
  add_range(1024, 1023);
  REQUIRE(shards_of(store).size() == 1);
  add_range(2047, 10);
  REQUIRE(shards_of(store).size() == 2);
  add_range(3000, 3);
  buffer.flush();
  REQUIRE(shards_of(store).size() == 3);
  FeatureStore after = store_in(folder);
  REQUIRE(holds(after, range(0, 2057)));
  REQUIRE(holds(after, range(3000, 3)));
}
