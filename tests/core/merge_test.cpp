#include "config/merge.h"

#include <cstdlib>

#include "config/toml.h"
#include "support/catch.h"
#include "support/files.h"

using namespace tests;
using namespace trefoil::config;

namespace {

Table merged(const std::filesystem::path& file, const std::vector<std::string>& overrides = {}) {
  Diagnostics diagnostics;
  Table table = load_merged(file, overrides, diagnostics);
  diagnostics.throw_if_any();
  return table;
}

const Table& section(const Table& table, const char* name) { return *table.find(name)->table(); }

std::string text(const Table& table, const char* key) { return *table.find(key)->text(); }

}  // namespace

TEST_CASE("extends merges tables and replaces the rest", "[config]") {
  const TemporaryFolder folder;
  folder.write("base/base.toml", "seed = 1\n[data]\nlayout = \"features\"\ntext = \"a\"\nsupport = \"b\"\n");
  const Table table = merged(folder.write("child.toml", "extends = \"base/base.toml\"\n[data]\ntext = \"c\"\n"));
  REQUIRE(text(section(table, "data"), "text") == "c");
  REQUIRE(text(section(table, "data"), "support") == "b");
  REQUIRE(table.find("extends") == nullptr);
  REQUIRE(section(table, "data").find("support")->origin.file == folder / "base/base.toml");
}

TEST_CASE("another plugin drops the former one's keys but not the host's, the same plugin keeps all", "[config]") {
  const TemporaryFolder folder;
  folder.write("base.toml", "[selector]\nplugin = \"mixed\"\nq = 4\nlambda = 0.5\n");
  const Table other =
      merged(folder.write("other.toml", "extends = \"base.toml\"\n[selector]\nplugin = \"variance\"\n"));
  REQUIRE(section(other, "selector").entries().size() == 2);
  REQUIRE(std::get<std::int64_t>(section(other, "selector").find("q")->data) == 4);
  REQUIRE(section(merged(folder / "base.toml", {"selector.plugin=none"}), "selector").entries().size() == 1);
  const Table same =
      merged(folder.write("same.toml", "extends = \"base.toml\"\n[selector]\nplugin = \"mixed\"\nq = 5\n"));
  REQUIRE(section(same, "selector").entries().size() == 3);
  const Table by_set = merged(folder / "base.toml", {"selector.plugin=variance", "selector.q=7"});
  REQUIRE(section(by_set, "selector").entries().size() == 2);
  REQUIRE(std::get<std::int64_t>(section(by_set, "selector").find("q")->data) == 7);
}

TEST_CASE("extends in a circle, or to nowhere, is an error at its place", "[config]") {
  const TemporaryFolder folder;
  folder.write("a.toml", "extends = \"b.toml\"\n");
  folder.write("b.toml", "\nextends = \"a.toml\"\n");
  REQUIRE_THROWS_WITH(merged(folder / "a.toml"),
                      ContainsSubstring("extends itself") && ContainsSubstring("b.toml:2:11"));
  REQUIRE_THROWS_WITH(merged(folder.write("c.toml", "extends = \"d.toml\"\n")), ContainsSubstring("no file"));
  REQUIRE_THROWS_WITH(merged(folder.write("e.toml", "extends = 3\n")), ContainsSubstring("an integer"));
}

TEST_CASE("--set takes TOML values, and bare words as text", "[config]") {
  const TemporaryFolder folder;
  const auto file = folder.write("a.toml", "");
  const Table table = merged(file, {"x.a=1", "x.b=0.5", "x.c=word", "x.d=\"q\"", "x.e=[1, 2]", "x.f=true", "x.g=a=b"});
  REQUIRE(std::get<std::int64_t>(section(table, "x").find("a")->data) == 1);
  REQUIRE(std::get<double>(section(table, "x").find("b")->data) == 0.5);
  REQUIRE(text(section(table, "x"), "c") == "word");
  REQUIRE(text(section(table, "x"), "d") == "q");
  REQUIRE(section(table, "x").find("e")->array()->size() == 2);
  REQUIRE(std::get<bool>(section(table, "x").find("f")->data));
  REQUIRE(text(section(table, "x"), "g") == "a=b");
  REQUIRE_THROWS_WITH(merged(file, {"novalue"}), ContainsSubstring("KEY=VALUE"));
}

TEST_CASE("environment variables are replaced, with defaults, and missed", "[config]") {
  ::setenv("TREFOIL_TEST_VARIABLE", "there", 1);
  ::unsetenv("TREFOIL_TEST_MISSING");
  const TemporaryFolder folder;
  const Table table =
      merged(folder.write("a.toml", R"(a = "${env:TREFOIL_TEST_VARIABLE}/x/${env:TREFOIL_TEST_MISSING:-else}")"));
  REQUIRE(text(table, "a") == "there/x/else");
  REQUIRE_THROWS_WITH(merged(folder.write("b.toml", R"(a = "${env:TREFOIL_TEST_MISSING}")")),
                      ContainsSubstring("TREFOIL_TEST_MISSING is not set") && ContainsSubstring("b.toml:1:5"));
  ::setenv("TREFOIL_TEST_EMPTY", "", 1);
  REQUIRE(text(merged(folder.write("e.toml", R"(a = "${env:TREFOIL_TEST_EMPTY:-else}")")), "a") == "else");
  REQUIRE_THROWS_WITH(merged(folder.write("n.toml", R"(a = "${env:X:-${env:Y}}")")),
                      ContainsSubstring("inside another"));
  REQUIRE_THROWS_WITH(merged(folder.write("c.toml", R"(a = "${env:X")")), ContainsSubstring("closing brace"));
}

TEST_CASE("a file that is not TOML is an error with line and column", "[config]") {
  const TemporaryFolder folder;
  REQUIRE_THROWS_WITH(merged(folder.write("a.toml", "x = 1\ny = = 2\n")), ContainsSubstring("a.toml:2:"));
  REQUIRE_THROWS_WITH(merged(folder / "missing.toml"), ContainsSubstring("missing.toml"));
  REQUIRE_THROWS_WITH(merged(folder.write("d.toml", "x = 2026-01-01\n")), ContainsSubstring("dates"));
}

TEST_CASE("tables keep the order in which they were written", "[config]") {
  const TemporaryFolder folder;
  const Table table = merged(folder.write("a.toml", "z = 1\na = 2\nm = 3\n"));
  std::string order;
  for (const Entry& entry : table.entries()) order += entry.key;
  REQUIRE(order == "zam");
}

TEST_CASE("a key that is erased or set again leaves the others in their place", "[config]") {
  const TemporaryFolder folder;
  Table table = merged(folder.write("a.toml", "z = 1\na = 2\nm = 3\n"));
  table.erase("a");
  table.erase("absent");
  table.set({"z", {}, {std::int64_t{4}, {}}});
  table.set({"a", {}, {std::int64_t{5}, {}}});
  std::string order;
  for (const Entry& entry : table.entries()) {
    order += entry.key;
    REQUIRE(table.find(entry.key) == &entry.value);
  }
  REQUIRE(order == "zma");
  REQUIRE(table.find("z")->number() == 4);
  REQUIRE(table.find("m")->number() == 3);
  REQUIRE(table.find("absent") == nullptr);
}

TEST_CASE("values written as TOML read back the same", "[config]") {
  for (const double value : {0.1, 1.0, -2.5e-300, 1e21, 100.0}) {
    REQUIRE(std::get<double>(parse_toml_value(real_text(value))->data) == value);
  }
  for (const std::string value : {"plain", "a \"quote\" and \\", "tab\tand\nline", "ümlaut"}) {
    REQUIRE(*parse_toml_value(toml_quoted(value))->text() == value);
  }
  for (const std::string value : {"a\nb", "\n", "say \"a\"\"\"\"b\"\n\"", "\\n\tx\r\n\x01", "a\n\\"}) {
    REQUIRE(*parse_toml_value(toml_quoted(value))->text() == value);
    REQUIRE(*parse_toml_value(toml_lines(value))->text() == value);
  }
}
