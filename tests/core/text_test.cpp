#include "base/text.h"

#include "base/csv.h"
#include "base/time_left.h"
#include "support/catch.h"

using namespace tests;
using trefoil::base::TimeLeft;
namespace base = trefoil::base;

TEST_CASE("times are written as people say them", "[base]") {
  const auto text = [](double seconds) { return trefoil::base::duration_text(seconds); };
  REQUIRE(text(-1) == "0 s");
  REQUIRE(text(59.4) == "59 s");
  REQUIRE(text(59.6) == "1 min 0 s");
  REQUIRE(text(125) == "2 min 5 s");
  REQUIRE(text(7500) == "2 h 5 min");
}

TEST_CASE("control characters of names are written out, and line breaks stay", "[base]") {
  REQUIRE(base::printable("caf\xC3\xA9\n\tx") == "caf\xC3\xA9\n\tx");
  REQUIRE(base::printable("a\x1B[31mb\x7F\r") == "a\\x1B[31mb\\x7F\\x0D");
  REQUIRE(base::printable(std::string("a\0b", 3)) == "a\\x00b");
  REQUIRE(base::printable("a\xC2\x9B[31m\xC2\xA0") ==
          "a\\xC2\\x9B[31m\xC2\xA0");  // CSI in one character; no-break space
  REQUIRE(base::has_control_character("a\x1B"));
  REQUIRE(base::has_control_character("a\xC2\x9B"));
  REQUIRE_FALSE(base::has_control_character("caf\xC3\xA9\xC2\xA0\xC2"));
  REQUIRE(base::one_line("caf\xC3\xA9\n\tx") == "caf\xC3\xA9\\x0A\\x09x");
}

TEST_CASE("bytes that are not UTF-8 are written out", "[base]") {
  REQUIRE(base::printable("\xE9t\xC3\xA9") == "\\xE9t\xC3\xA9");
  REQUIRE(base::printable("a\xC3") == "a\\xC3");
  REQUIRE(base::printable("\xED\xA0\x80") == "\\xED\\xA0\\x80");  // a surrogate
  REQUIRE(base::printable("\xF0\x9F\x98\x80") == "\xF0\x9F\x98\x80");
}

TEST_CASE("JSON is refused when it is nested too deep, not counting strings, or has a NUL", "[base]") {
  using trefoil::base::json_refusal;
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  REQUIRE(json_refusal("3").empty());
  REQUIRE(json_refusal(nested(32)).empty());
  REQUIRE(json_refusal("{\"a\": " + nested(31) + "}").empty());
  REQUIRE(json_refusal("[\"" + nested(40) + "\", \"\\\"" + nested(40) + "\"]").empty());
  REQUIRE(json_refusal(nested(33)) == "is nested too deep");
  REQUIRE(json_refusal(std::string(100'000, '[')) == "is nested too deep");
  REQUIRE(json_refusal(std::string("{}\0x", 4)) == "has the character U+0000");
  using trefoil::base::ordered_json_refusal;
  const auto with_keys = [](std::size_t count) {
    std::string text = "{\"a:b\": \":\\\":\"";  // colons in texts do not count
    for (std::size_t i = 1; i < count; ++i) text += ", \"" + std::to_string(i) + "\": 1";
    return text + "}";
  };
  REQUIRE(json_refusal(with_keys(10001)).empty());
  REQUIRE(ordered_json_refusal(with_keys(10000)).empty());
  REQUIRE(ordered_json_refusal(with_keys(10001)) == "has an object with more than 10,000 keys");
  REQUIRE(ordered_json_refusal("[" + with_keys(6000) + ", " + with_keys(6000) + "]").empty());
  REQUIRE(ordered_json_refusal(nested(33)) == "is nested too deep");
}

TEST_CASE("the time left follows the pace of the last half", "[base]") {
  TimeLeft left;
  REQUIRE_FALSE(left.seconds(0, 100));
  // Ten steps a second for five seconds, then one step a second.
  for (std::int64_t i = 0; i <= 10; ++i) left.add(static_cast<double>(i) * 0.5, i * 5);
  REQUIRE(left.seconds(50, 100).value() == Approx(5));
  for (int i = 1; i <= 30; ++i) left.add(5 + i, 50 + i);
  REQUIRE(left.seconds(80, 100).value() == Approx(20).epsilon(0.05));
}

TEST_CASE("a step that takes long makes the time left longer, not shorter", "[base]") {
  TimeLeft left;
  for (int i = 0; i <= 10; ++i) left.add(i, i);
  const double before = left.seconds(10, 20).value();
  for (int i = 11; i <= 60; ++i) left.add(i, 10);
  REQUIRE(left.seconds(10, 20).value() > before);
}

TEST_CASE("numbers and lists in messages read as people write them", "[base]") {
  REQUIRE(base::grouped(0) == "0");
  REQUIRE(base::grouped(1234567) == "1,234,567");
  REQUIRE(base::grouped(-123) == "-123");
  REQUIRE(base::grouped(-1234) == "-1,234");
  REQUIRE(base::number_text(1e9) == "1,000,000,000");
  REQUIRE(base::number_text(9007199254740992.0) == "9,007,199,254,740,992");
  REQUIRE(base::number_text(0.5) == "0.5");
  REQUIRE(base::counted(std::size_t{1}, "class") == "1 class");
  REQUIRE(base::counted(std::int64_t{1200}, "class") == "1,200 classes");
  REQUIRE(base::counted(std::size_t{0}, "image") == "0 images");
  REQUIRE(base::counted(std::int64_t{1}, "query") == "1 query");
  REQUIRE(base::counted(std::int64_t{2000}, "query") == "2,000 queries");
  REQUIRE(base::counted(std::int64_t{2}, "key") == "2 keys");
  REQUIRE(base::listed({"a"}, 3) == "a");
  REQUIRE(base::listed({"a", "b"}, 3) == "a and b");
  REQUIRE(base::listed({"a", "b", "c", "d"}, 2) == "a, b and 2 more");
  REQUIRE(base::split("a||b|", '|') == std::vector<std::string>{"a", "b"});
}

TEST_CASE("names that a spreadsheet would compute get an apostrophe, and numbers do not", "[base]") {
  for (const char* name : {"=1+1", "+a", "-b", "@SUM(1)", "\tx", "'=1", "''-x"}) {
    CAPTURE(name);
    const auto rows = base::csv_rows(base::csv_text(name));
    REQUIRE(rows.at(0).at(0) == "'" + std::string(name));
    REQUIRE(base::csv_text_of(rows[0][0]) == name);
  }
  for (const char* name : {"", "a=b", "-1", "-2.5e-06", "'", "'a", "cat"}) {
    CAPTURE(name);
    REQUIRE(base::csv_text(name) == name);
    REQUIRE(base::csv_text_of(name) == name);
  }
  REQUIRE(base::csv_text("=a,\"b\"") == "\"'=a,\"\"b\"\"\"");
}
