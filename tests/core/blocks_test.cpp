#include "runtime/blocks.h"

#include <stdexcept>

#include "support/catch.h"

using namespace tests;
using trefoil::runtime::in_blocks;

TEST_CASE("blocks come in order and cover everything, whatever the threads", "[pipeline]") {
  for (const int threads : {1, 2, 5}) {
    for (const std::int64_t total : {0, 1, 7, 8, 9, 40}) {
      std::vector<std::int64_t> seen;
      in_blocks(
          total, 4, threads, [](std::int64_t first, std::int64_t count) { return std::pair(first, count); },
          [&](const std::pair<std::int64_t, std::int64_t>& block) {
            for (std::int64_t i = 0; i < block.second; ++i) seen.push_back(block.first + i);
          });
      REQUIRE(static_cast<std::int64_t>(seen.size()) == total);
      for (std::int64_t i = 0; i < total; ++i) REQUIRE(seen[static_cast<std::size_t>(i)] == i);
    }
  }
}

TEST_CASE("an exception in any block passes on", "[pipeline]") {
  const auto work = [](std::int64_t first, std::int64_t /*count*/) -> int {
    if (first == 8) throw std::runtime_error("third block");
    return 0;
  };
  REQUIRE_THROWS_WITH(in_blocks(20, 4, 2, work, [](int) {}), "third block");
}
