#include "search/search_progress.h"

#include "support/catch.h"

using trefoil::search::SearchProgress;

namespace {

// Keeps the last progress, in thousandths. Fails when the progress of a stage decreases.
class RecordedProgress final : public trefoil::runtime::Observer {
 public:
  void log(trefoil::LogLevel /*level*/, const std::string& line) override { lines.push_back(line); }
  void progress(const std::string& stage, std::int64_t done, std::int64_t total) override {
    REQUIRE(total == 1000);
    REQUIRE(done <= total);
    if (stage == last_stage) REQUIRE(done >= last);
    last_stage = stage;
    last = done;
  }

  std::vector<std::string> lines;
  std::string last_stage;
  std::int64_t last = 0;
};

}  // namespace

TEST_CASE("the progress of a search moves with the steps of its trainings", "[search]") {
  RecordedProgress shown;
  SearchProgress progress(shown);
  progress.begin_stage("search head");
  progress.expect(40);
  progress.begin_part(10);
  REQUIRE(shown.last_stage == "search head");
  REQUIRE(shown.last == 0);
  progress.progress("head/any", 5, 10);
  REQUIRE(shown.last == 125);  // half of a quarter
  progress.begin_part(20);
  REQUIRE(shown.last == 250);
  progress.evaluated(1, 2);
  REQUIRE(shown.last == 500);
  progress.evaluated(0, 2);  // a second pass over the queries
  REQUIRE(shown.last == 500);
  progress.expect(-10);  // a setting was dropped: 30 in all
  progress.evaluated(1, 2);
  REQUIRE(shown.last == 666);
  progress.evaluated(2, 2);
  REQUIRE(shown.last == 1000);
  progress.begin_part(5);  // more than was expected
  progress.evaluated(2, 2);
  REQUIRE(shown.last == 1000);
}

TEST_CASE("each stage of a search begins at 0", "[search]") {
  RecordedProgress shown;
  SearchProgress progress(shown);
  progress.begin_stage("search");
  progress.progress("selector/any", 3, 4);  // before anything is expected
  REQUIRE(shown.last == 0);
  progress.expect(1);
  progress.begin_part(1);
  progress.evaluated(3, 4);
  REQUIRE(shown.last == 750);
  progress.begin_stage("compare");
  progress.expect(1);
  progress.begin_part(1);
  REQUIRE(shown.last_stage == "compare");
  REQUIRE(shown.last == 0);
}

TEST_CASE("log lines of plugins are dropped during a search", "[search]") {
  RecordedProgress shown;
  SearchProgress progress(shown);
  progress.log(trefoil::LogLevel::warning, "a line");
  REQUIRE(shown.lines.empty());
}
