// Tests what each opcode of Python's pickle format means. The longer inputs are bytes that pickle.dumps of CPython 3.11
// writes. The short ones are written by hand, for opcodes that pickle.dumps seldom writes.
#include "formats/pickle.h"

#include "base/errors.h"
#include "support/catch.h"

using namespace tests;
using namespace std::string_literals;
using trefoil::formats::Pickle;
using trefoil::formats::PickleId;
using trefoil::formats::PickleValue;
using Kind = PickleValue::Kind;

namespace {

Pickle read_bytes(const std::string& bytes) {
  return {bytes, "file.pkl", {[](const std::string& name) { return name == "m.C"; }, "it is not allowed"}};
}

std::string shown(const Pickle& pickle, const PickleValue& value);

std::string shown(const Pickle& pickle, const std::vector<PickleId>& items) {
  std::string text;
  for (const PickleId item : items) text += (text.empty() ? "" : " ") + shown(pickle, pickle.at(item));
  return text;
}

// The value as "[1 2.5 "text" {"key" None}]".
std::string shown(const Pickle& pickle, const PickleValue& value) {
  switch (value.kind) {
    case Kind::none:
      return "None";
    case Kind::boolean:
      return value.integer != 0 ? "True" : "False";
    case Kind::integer:
      return std::to_string(value.integer);
    case Kind::real:
      return std::to_string(value.real).substr(0, 5);
    case Kind::text:
      return "\"" + value.text + "\"";
    case Kind::bytes:
      return "b\"" + value.text + "\"";
    case Kind::sequence:
      return "[" + shown(pickle, value.items) + "]";
    case Kind::dictionary:
      return "{" + shown(pickle, value.items) + "}";
    case Kind::global:
      return value.text;
    case Kind::object:
      return shown(pickle, pickle.at(value.callee)) + "(" + shown(pickle, pickle.at(value.arguments)) + ")";
    case Kind::persistent:
      return "persistent " + shown(pickle, pickle.at(value.arguments));
  }
  return "";
}

std::string shown(const std::string& bytes) {
  const Pickle pickle = read_bytes(bytes);
  return shown(pickle, pickle.root());
}

}  // namespace

TEST_CASE("numbers, booleans and None are read in every protocol", "[data]") {
  const std::string integers = "[0 5 300 70000 -7 1099511627776 -1099511627776]";
  REQUIRE(shown("(lp0\nI0\naI5\naI300\naI70000\naI-7\naL1099511627776L\naL-1099511627776L\na."s) == integers);
  REQUIRE(shown("]q\0(K\0K\x05M,\x01Jp\x11\x01\0J\xf9\xff\xff\xffL1099511627776L\nL-1099511627776L\ne."s) == integers);
  REQUIRE(shown("\x80\x02]q\0(K\0K\x05M,\x01Jp\x11\x01\0J\xf9\xff\xff\xff\x8a\x06\0\0\0\0\0\x01\x8a\x06\0\0\0\0\0\xff"
                "e."s) == integers);
  REQUIRE(shown("\x80\x04\x95\x26\0\0\0\0\0\0\0]\x94(K\0K\x05M,\x01Jp\x11\x01\0J\xf9\xff\xff\xff\x8a\x06\0\0\0\0\0\x01"
                "\x8a\x06\0\0\0\0\0\xff"
                "e."s) == integers);
  REQUIRE(shown("\x8b\x02\0\0\0\x2c\x01."s) == "300");
  REQUIRE(shown("(lp0\nF1.5\naF-0.25\na."s) == "[1.500 -0.25]");
  REQUIRE(shown("]q\0(G?\xf8\0\0\0\0\0\0G\xbf\xd0\0\0\0\0\0\0e."s) == "[1.500 -0.25]");
  REQUIRE(shown("(lp0\nI01\naI00\naNa."s) == "[True False None]");
  REQUIRE(shown("\x80\x02]q\0(\x88\x89Ne."s) == "[True False None]");
}

TEST_CASE("texts and bytes are read with every kind of length", "[data]") {
  REQUIRE(shown("\x80\x04\x8c\x02\xc3\xa9."s) == "\"\xc3\xa9\"");
  REQUIRE(shown("X\x01\0\0\0a."s) == "\"a\"");
  REQUIRE(shown("\x80\x04\x8d\x01\0\0\0\0\0\0\0a."s) == "\"a\"");
  REQUIRE(shown("U\x02hi."s) == "\"hi\"");
  REQUIRE(shown("T\x02\0\0\0hi."s) == "\"hi\"");
  REQUIRE(shown("\x80\x03\x43\x02hi."s) == "b\"hi\"");
  REQUIRE(shown("\x80\x03\x42\x02\0\0\0hi."s) == "b\"hi\"");
  REQUIRE(shown("\x80\x04\x8e\x02\0\0\0\0\0\0\0hi."s) == "b\"hi\"");
}

TEST_CASE("containers are read in every protocol, and the memo repeats values", "[data]") {
  const std::string tuples = "[[] [1] [1 2] [1 2 3] [1 2 3 4]]";
  REQUIRE(shown("(lp0\n(ta(I1\ntp1\na(I1\nI2\ntp2\na(I1\nI2\nI3\ntp3\na(I1\nI2\nI3\nI4\ntp4\na."s) == tuples);
  REQUIRE(shown("]q\0()(K\x01tq\x01(K\x01K\x02tq\x02(K\x01K\x02K\x03tq\x03(K\x01K\x02K\x03K\x04tq\x04"
                "e."s) == tuples);
  REQUIRE(shown("\x80\x02]q\0()K\x01\x85q\x01K\x01K\x02\x86q\x02K\x01K\x02K\x03\x87q\x03(K\x01K\x02K\x03K\x04tq\x04"
                "e."s) == tuples);
  const std::string dictionaries = "[{} {\"a\" 1} {\"a\" 1 \"b\" 2}]";
  REQUIRE(shown("]q\0(}q\x01}q\x02X\x01\0\0\0aq\x03K\x01s}q\x04(h\x03K\x01X\x01\0\0\0bq\x05K\x02ue."s) == dictionaries);
  REQUIRE(shown("\x80\x04\x95\x1e\0\0\0\0\0\0\0]\x94(}\x94}\x94\x8c\x01\x61\x94K\x01s}\x94(h\x03K\x01\x8c\x01\x62\x94K"
                "\x02ue."s) == dictionaries);
  REQUIRE(shown("(U\x01"
                "aI1\nd."s) == "{\"a\" 1}");
  REQUIRE(shown("(K\x01p7\ng7\nl."s) == "[1 1]");
  REQUIRE(shown("(K\x01r\0\x01\0\0j\0\x01\0\0l."s) == "[1 1]");
  REQUIRE(shown("\x80\x04\x8f(K\x01K\x02\x90."s) == "[1 2]");
  REQUIRE(shown("\x80\x04(K\x01K\x02\x91."s) == "[1 2]");
  REQUIRE(shown("(K\x01K\x02K\x03"
                "0t."s) == "[1 2]");
  REQUIRE(shown("K\x07(K\x01K\x02"
                "1."s) == "7");
  REQUIRE(shown("(K\x01"
                "2t."s) == "[1 1]");
}

TEST_CASE("imports and calls are recorded and not made", "[data]") {
  REQUIRE(shown("cm\nC\n(K\x01tR."s) == "m.C([1])");
  REQUIRE(shown("\x80\x02"
                "cm\nC\n)\x81."s) == "m.C([])");
  REQUIRE(shown("\x80\x04\x8c\x01m\x8c\x01"
                "C\x93)\x81}b."s) == "m.C([])");
  REQUIRE(shown("\x80\x04\x8c\x01m\x8c\x01"
                "C\x93)}\x92."s) == "m.C([])");
  REQUIRE(shown("(K\x01tQ."s) == "persistent [1]");
  REQUIRE_THROWS_WITH(read_bytes("cos\nsystem\n(U\x02lstR."s),
                      ContainsSubstring("file.pkl") && ContainsSubstring("os.system"));
}

TEST_CASE("a damaged pickle is refused with its path", "[data]") {
  for (const std::string& bytes : {""s,
                                   "."s,
                                   "K"s,
                                   "K\x01"s,
                                   "\x80\x06K\x01."s,
                                   "I1x\n."s,
                                   "I\n."s,
                                   "I99999999999999999999\n."s,
                                   "F1.5x\n."s,
                                   "I1"s,
                                   "X\xff\xff\xff\xff"s,
                                   "\x8d\xff\xff\xff\xff\xff\xff\xff\xff."s,
                                   "(K\x01\x64."s,
                                   "K\x01\x61."s,
                                   "h\x07."s,
                                   "gx\n."s,
                                   "t."s,
                                   "}K\x01\x62."s,
                                   "\x8a\x09\x01\x01\x01\x01\x01\x01\x01\x01\x01."s,
                                   "\xff."s}) {
    CAPTURE(bytes);
    REQUIRE_THROWS_AS(read_bytes(bytes), trefoil::DataError);
    REQUIRE_THROWS_WITH(read_bytes(bytes), ContainsSubstring("file.pkl"));
  }
}
