// The small CLIP that comes with the project.
#include <filesystem>

#include "support/catch.h"
#include "support/files.h"
#include "training/zero_shot_check.h"

using namespace trefoil::demo;

TEST_CASE("the small CLIP knows kinds by names that it has never seen together", "[demo]") {
  const std::filesystem::path folder = tests::source_folder().parent_path() / "tools/demo/encoder";
  REQUIRE(std::filesystem::file_size(folder / "small_clip.safetensors") < 4'000'000);
  double held_out = 0;
  double seen = 0;
  double chance = 0;
  const auto rows = check_zero_shot({folder / "small_clip.safetensors", folder / "merges.txt"}, 1, 11);
  for (const ZeroShotAccuracy& row : rows) {
    CAPTURE(row.subset, row.seen, row.held_out);
    held_out += row.held_out / static_cast<double>(rows.size());
    seen += row.seen / static_cast<double>(rows.size());
    chance += 100.0 / static_cast<double>(row.choices * static_cast<std::int64_t>(rows.size()));
  }
  REQUIRE(rows.size() == 5);
  REQUIRE(chance < 5);
  REQUIRE(held_out > 70);
  REQUIRE(held_out > seen - 15);
}
