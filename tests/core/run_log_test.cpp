// The log of a run.
#include "run/log.h"
#include "support/catch.h"
#include "support/files.h"

using namespace tests;
using Lines = std::vector<std::string>;

namespace {

class LineKeeper final : public trefoil::runtime::Observer {
 public:
  void log(trefoil::LogLevel /*level*/, const std::string& line) override { lines.push_back(line); }
  void progress(const std::string& /*stage*/, std::int64_t /*done*/, std::int64_t /*total*/) override {}

  Lines lines;
};

}  // namespace

TEST_CASE("a run goes on when its log cannot be written, and says so once", "[results]") {
  const TemporaryFolder folder;
  const std::filesystem::path file = folder / "log.txt";
  std::filesystem::create_symlink("/dev/full", file);
  LineKeeper caller;
  trefoil::run::Heartbeat heartbeat;
  trefoil::run::Status status(folder / "status.json", heartbeat);
  trefoil::run::RunLog log(file, caller, status);
  log.log(trefoil::LogLevel::info, "first");
  log.log(trefoil::LogLevel::warning, "second");
  REQUIRE(caller.lines ==
          Lines{"the log is incomplete: Failed flush to file " + file.string() + ": No space left on device", "first",
                "second"});
  REQUIRE(log.warnings() == Lines{"second"});
}
