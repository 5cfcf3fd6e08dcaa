// The files of a sweep, as they are read back.
#include "sweep/sweep_folder.h"

#include "base/checksums.h"
#include "base/errors.h"
#include "support/catch.h"
#include "support/files.h"
#include "sweep/slurm.h"

using namespace tests;
using namespace trefoil::sweep;

namespace {

const std::string kColumns = "index,hash,variant,settings,needs,method\n";

void require_refused_plan(const std::string& plan, const std::string& reason) {
  const TemporaryFolder folder;
  const auto file = folder.write("plan.csv", plan);
  trefoil::base::record_checksums(folder.path(), {"plan.csv"});
  CAPTURE(plan);
  REQUIRE_THROWS_AS(read_plan_lines(file), trefoil::DataError);
  REQUIRE_THROWS_WITH(read_plan_lines(file), ContainsSubstring(file.string() + reason));
}

}  // namespace

TEST_CASE("the jobs of a plan are read", "[jobs]") {
  const TemporaryFolder folder;
  folder.write("plan.csv", kColumns + "0,0123456789ab,base,\"seed=1, q=2\",,Tip\n1,ba9876543210,'=1+1,,/data,APE\n");
  trefoil::base::record_checksums(folder.path(), {"plan.csv"});
  const std::vector<PlanLine> lines = read_plan_lines(folder.path());
  REQUIRE(lines.size() == 2);
  REQUIRE(lines[0].hash == "0123456789ab");
  REQUIRE(lines[0].label == "seed=1, q=2");
  REQUIRE(lines[0].names.at(0).name == "Tip");
  REQUIRE(lines[1].variant == "=1+1");
  REQUIRE(lines[1].needs == "/data");
}

TEST_CASE("a line of another form is no job", "[jobs]") {
  require_refused_plan("", ": the plan has no jobs");
  require_refused_plan(kColumns, ": the plan has no jobs");
  require_refused_plan(kColumns + "1,0123456789ab,,,,Tip\n", ":2: this line does not have the form of a plan");
  require_refused_plan(kColumns + "0,0123456789ab,,,Tip\n", ":2: this line does not have the form of a plan");
  // The hash is the name of the job's folder, which is removed when the job runs again.
  for (const char* hash : {"", "..", "/", "0123456789AB", "0123456789abc", "0123456789a", "01234/6789ab"}) {
    require_refused_plan(kColumns + "0," + hash + ",,,,Tip\n", ":2: this line does not have the form of a plan");
  }
}

TEST_CASE("damaged JSON files of a sweep are refused", "[jobs]") {
  const TemporaryFolder folder;
  const auto require_both_refused = [&](const std::string& text) {
    folder.write("axes.json", text);
    folder.write("slurm.json", text);
    trefoil::base::record_checksums(folder.path(), {"axes.json", "slurm.json"});
    CAPTURE(text.substr(0, 20));
    REQUIRE_THROWS_AS(read_axes(folder.path()), trefoil::DataError);
    REQUIRE_THROWS_WITH(read_axes(folder.path()), ContainsSubstring((folder / "axes.json").string()));
    REQUIRE_THROWS_AS(read_submission(folder.path()), trefoil::DataError);
    REQUIRE_THROWS_WITH(read_submission(folder.path()), ContainsSubstring((folder / "slurm.json").string()));
  };
  require_both_refused("");
  require_both_refused("[]");
  require_both_refused(R"({"keys": 7, "arrays": 7})");
  require_both_refused(R"({"keys": [], "arrays": [], "baseline": )" + std::string(1000000, '['));
}

TEST_CASE("one changed bit in a file of a sweep is found", "[jobs]") {
  const TemporaryFolder folder;
  folder.write("plan.csv", kColumns + "0,0123456789ab,base,seed=1,,Tip\n");
  folder.write("axes.json", R"({"keys": ["seed"], "named": ["method"], "baseline": "Tip"})");
  trefoil::base::record_checksums(folder.path(), {"plan.csv", "axes.json"});
  write_submission({{"17"}, "18", 1, 1}, folder.path());
  const auto require_found = [&](const char* name, const auto& read_file) {
    read_file();
    const std::string whole = read(folder / name);
    for (std::size_t bit = 0; bit < 8 * whole.size(); bit += 3) {
      folder.write(name, with_flipped_bit(whole, bit));
      CAPTURE(name, bit);
      REQUIRE_THROWS_WITH(read_file(), ContainsSubstring(name) && ContainsSubstring("has changed"));
    }
    folder.write(name, whole);
  };
  require_found("plan.csv", [&] { read_plan_lines(folder.path()); });
  require_found("axes.json", [&] { read_axes(folder.path()); });
  require_found("slurm.json", [&] { read_submission(folder.path()); });
}
