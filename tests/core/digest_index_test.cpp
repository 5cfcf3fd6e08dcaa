#include "features/digest_index.h"

#include <map>
#include <random>
#include <string>
#include <vector>

#include "support/catch.h"

using trefoil::base::Digest;
using trefoil::features::DigestIndex;

namespace {

Digest digest_of(int number) { return trefoil::base::sha256_digest(std::to_string(number)); }

// The row of an item as a number, or -1.
int row_of(const DigestIndex& index, const Digest& digest) {
  const auto row = index.find(digest);
  return row ? 1000 * row->shard + row->row : -1;
}

}  // namespace

TEST_CASE("an empty index has nothing", "[features]") {
  DigestIndex index;
  REQUIRE(row_of(index, digest_of(1)) == -1);
  index.remove(digest_of(1), {0, 0});
}

TEST_CASE("of several rows of an item, the first that is left counts", "[features]") {
  DigestIndex index;
  index.add(digest_of(1), {0, 7});
  index.add(digest_of(2), {0, 8});
  index.add(digest_of(1), {1, 3});
  index.add(digest_of(1), {2, 4});
  REQUIRE(row_of(index, digest_of(1)) == 7);
  index.remove(digest_of(1), {0, 8});  // the row of another item
  REQUIRE(row_of(index, digest_of(1)) == 7);
  index.remove(digest_of(1), {0, 7});
  REQUIRE(row_of(index, digest_of(1)) == 1003);
  index.remove(digest_of(1), {1, 3});
  index.remove(digest_of(1), {2, 4});
  REQUIRE(row_of(index, digest_of(1)) == -1);
  REQUIRE(row_of(index, digest_of(2)) == 8);
  index.add(digest_of(1), {3, 5});
  REQUIRE(row_of(index, digest_of(1)) == 3005);
}

TEST_CASE("items whose SHA-256 begin alike are told apart", "[features]") {
  DigestIndex index;
  for (int i = 0; i < 100; ++i) {
    Digest digest = digest_of(1);
    digest[31] = static_cast<std::uint8_t>(i);
    index.add(digest, {0, i});
  }
  Digest digest = digest_of(1);
  digest[31] = 77;
  REQUIRE(row_of(index, digest) == 77);
  digest[31] = 100;
  REQUIRE(row_of(index, digest) == -1);
}

TEST_CASE("an index of many items agrees with a map", "[features]") {
  DigestIndex index;
  std::map<int, std::vector<int>> rows;  // of an item, in the order of their addition
  std::mt19937 generator(1);
  for (int step = 0; step < 20'000; ++step) {
    const int number = static_cast<int>(generator() % 5'000);
    std::vector<int>& present = rows[number];
    if (present.empty() || generator() % 4 != 0) {
      index.add(digest_of(number), {step / 1000, step % 1000});
      present.push_back(step);
    } else {
      index.remove(digest_of(number), {present.front() / 1000, present.front() % 1000});
      present.erase(present.begin());
    }
  }
  for (int number = 0; number < 6'000; ++number) {
    const std::vector<int>& present = rows[number];
    REQUIRE(row_of(index, digest_of(number)) == (present.empty() ? -1 : present.front()));
  }
}
