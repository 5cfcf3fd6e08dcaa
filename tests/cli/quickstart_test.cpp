// The quickstart: make_world's pictures, the small CLIP that comes with the project, and what each part of the method
// adds there.
#include <set>
#include <sstream>

#include "support/catch.h"
#include "support/files.h"
#include "support/process.h"

using namespace tests;

namespace {

std::string make_world() { return shell_word(TREFOIL_TEST_MAKE_WORLD); }

nlohmann::json run_quickstart(const TemporaryFolder& folder, const std::vector<std::string>& settings) {
  std::vector<std::string> arguments = {(source_folder().parent_path() / "experiments/quickstart.toml").string(),
                                        "--out",
                                        (folder / "runs").string(),
                                        "--store",
                                        (folder / "features").string(),
                                        "--json"};
  for (const std::string& setting : settings) {
    arguments.push_back("--set");
    arguments.push_back(setting);
  }
  const Outcome outcome = run_runner(arguments, {"TREFOIL_DEMO=" + (folder / "world").string()});
  CAPTURE(outcome.err);
  REQUIRE(outcome.exit_code == 0);
  return outcome.json();
}

double top1(const nlohmann::json& json) { return json.at("metrics").at("test.top1"); }

}  // namespace

TEST_CASE("make_world writes the same world twice, and never over one that is there", "[quickstart]") {
  const TemporaryFolder folder;
  const std::string options = " --classes 3 --cars 2 --shots 2 --queries 2 --out ";
  const auto write = [&](const char* name) {
    return run_shell(make_world() + options + shell_word((folder / name).string()));
  };
  REQUIRE(write("one").exit_code == 0);
  REQUIRE(write("two").exit_code == 0);
  REQUIRE(run_shell("diff -r " + shell_word((folder / "one").string()) + " " + shell_word((folder / "two").string()))
              .exit_code == 0);
  const Outcome again = write("one");
  REQUIRE(again.exit_code == 1);
  REQUIRE_THAT(again.err, ContainsSubstring("exists already"));
  REQUIRE(run_shell(make_world() + " --classes 1000 --out " + shell_word((folder / "many").string())).exit_code == 1);
  REQUIRE(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 2);  // and nothing half-made
}

TEST_CASE("each part of the method adds to the last in the quickstart", "[quickstart]") {
  const TemporaryFolder folder;
  REQUIRE(run_shell(make_world() + " --out " + shell_word((folder / "world").string())).exit_code == 0);
  const auto zero_shot = run_quickstart(folder, {"relation.plugin=zero_shot", "head.plugin=none"});
  const double tip = top1(run_quickstart(folder, {"relation.plugin=tip", "head.plugin=none"}));
  const double ape = top1(run_quickstart(folder, {"head.plugin=none"}));
  const auto residual = run_quickstart(folder, {});
  CAPTURE(top1(zero_shot), tip, ape, top1(residual));
  REQUIRE(top1(zero_shot) > 50);
  REQUIRE(top1(zero_shot) < 75);
  REQUIRE(tip > top1(zero_shot) + 5);
  REQUIRE(ape > tip);
  REQUIRE(top1(residual) > ape);

  for (const char* subset : {"Sign", "Animal", "Flower", "Dish"}) {
    REQUIRE(residual.at("metrics").contains(std::string("test.top1.") + subset));
  }
  std::istringstream lines(read(residual.at("submission").get<std::string>()));
  std::size_t count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    std::istringstream words(line);
    std::string name;
    words >> name;
    std::set<int> ids;
    for (int id = 0; words >> id;) ids.insert(id);
    REQUIRE(ids.size() == 5);
    REQUIRE(*ids.rbegin() < 120);
  }
  REQUIRE(count == 1200);
}
