#include "sweep/claim.h"

#include <sys/stat.h>

#include <atomic>
#include <fstream>
#include <thread>

#include "support/catch.h"
#include "support/files.h"
#include "sweep/job_folder.h"

using namespace tests;
using trefoil::sweep::Claim;
using trefoil::sweep::JobFolder;
using trefoil::sweep::JobState;

TEST_CASE("a claim excludes others until it ends", "[jobs]") {
  const TemporaryFolder folder;
  REQUIRE_FALSE(Claim::is_held(folder / "a.claim"));
  {
    const std::optional<Claim> claim = Claim::take(folder / "a.claim");
    REQUIRE(claim);
    REQUIRE(Claim::is_held(folder / "a.claim"));
    REQUIRE_FALSE(Claim::take(folder / "a.claim"));
  }
  REQUIRE_FALSE(std::filesystem::exists(folder / "a.claim"));
  REQUIRE(Claim::take(folder / "a.claim"));
}

TEST_CASE("a claim has the rights that the user's umask gives it, so that a group can share a sweep", "[jobs]") {
  const TemporaryFolder folder;
  const mode_t before = ::umask(002);
  const std::optional<Claim> claim = Claim::take(folder / "a.claim");
  ::umask(before);
  REQUIRE(std::filesystem::status(folder / "a.claim").permissions() == std::filesystem::perms{0664});
}

TEST_CASE("looking at a claim never keeps anybody from taking it", "[jobs]") {
  const TemporaryFolder folder;
  std::atomic<bool> stop = false;
  std::thread looking([&] {
    while (!stop) Claim::is_held(folder / "a.claim");
  });
  int refused = 0;
  for (int i = 0; i < 5000; ++i) refused += Claim::take(folder / "a.claim") ? 0 : 1;
  stop = true;
  looking.join();
  REQUIRE(refused == 0);
}

TEST_CASE("a status of another form is a job that is open", "[jobs]") {
  const TemporaryFolder folder;
  const JobFolder job(folder.path(), "0123456789ab");
  for (const char* status : {"", "{", "[]", "3", R"({"state": 5})", R"({"state": null})", R"({"other": "done"})"}) {
    folder.write("jobs/0123456789ab/status.json", status);
    CAPTURE(status);
    REQUIRE(job.state() == JobState::open);
  }
  for (const char* metrics : {"", "[]", R"({"test.top1": "high"})", R"({"test.top1": null})"}) {
    folder.write("jobs/0123456789ab/metrics.jsonl", metrics);
    REQUIRE_FALSE(job.accuracy());
  }
}
