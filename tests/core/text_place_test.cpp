// The place of a mistake inside a text of an experiment file.
#include "config/text_place.h"

#include "config/toml.h"
#include "support/catch.h"
#include "support/files.h"

using namespace tests;
using namespace trefoil::config;

namespace {

// The place "line:column" in the file of (line, column) of its text `code`.
std::string place(const std::string& toml, std::int64_t line, std::int64_t column) {
  const TemporaryFolder folder;
  Diagnostics diagnostics;
  const Table table = read_toml(folder.write("x.toml", toml), diagnostics);
  diagnostics.throw_if_any();
  const Origin found = place_in_text(table.find("code")->origin, line, column);
  return std::to_string(found.line) + ":" + std::to_string(found.column);
}

}  // namespace

TEST_CASE("a place in a text of several lines is found in the file", "[config]") {
  const std::string toml = "a = 1\ncode = \"\"\"\nfirst\n  second\n\"\"\"\n";
  REQUIRE(place(toml, 1, 1) == "3:1");
  REQUIRE(place(toml, 2, 3) == "4:3");
  REQUIRE(place(toml, 2, 99) == "4:9");  // the end of the line
  REQUIRE(place(toml, 3, 1) == "5:1");
  REQUIRE(place("code = \"\"\"first\nsecond\"\"\"\n", 1, 3) == "1:13");
  REQUIRE(place("code = \"\"\"first\nsecond\"\"\"\n", 2, 3) == "2:3");
  REQUIRE(place("code = '''\nfirst\\n\nsecond'''\n", 2, 3) == "3:3");
  REQUIRE(place("code = \"\"\"\r\nfirst\r\nsecond\"\"\"\n", 2, 3) == "3:3");
}

TEST_CASE("escapes count as the characters that they stand for", "[config]") {
  REQUIRE(place(R"(code = "ab\ncd")", 2, 2) == "1:14");
  REQUIRE(place(R"(code = 'ab\ncd')", 1, 5) == "1:13");
  REQUIRE(place("code = \"\"\"\na\\\"b\\\\c\n\"\"\"", 1, 5) == "2:7");  // the value is a"b\c
  REQUIRE(place("code = \"\"\"\n\\u00e9x\n\"\"\"", 1, 3) == "2:7");     // é has two bytes
  REQUIRE(place("code = \"\"\"\néx\n\"\"\"", 1, 3) == "2:2");           // columns of files count characters
  REQUIRE(place("code = \"\"\"\nab \\\n   cd\"\"\"", 1, 4) == "3:4");   // the value is "ab cd"
}

TEST_CASE("a place that is not known is the text's own", "[config]") {
  REQUIRE(place("code = \"ab\"", 0, 0) == "1:8");
  Origin override_origin;
  override_origin.override_text = "selector.code=x";
  REQUIRE(place_in_text(override_origin, 1, 1).text() == "--set selector.code=x");
}

TEST_CASE("a place in a file that is one text is a place in the file", "[config]") {
  REQUIRE(place_in_text({"mixed.py", 1, 1, ""}, 7, 5).text() == "mixed.py:7:5");
}
