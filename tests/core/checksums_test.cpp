// SHA256SUMS: what is recorded, and which changes are found.
#include "base/checksums.h"

#include "base/errors.h"
#include "support/catch.h"
#include "support/files.h"

using namespace tests;
using trefoil::base::Checksums;
using trefoil::base::record_checksums;

namespace {

// sha256sum(1) of "one\n" and "two\n".
const std::string kOne = "2c8b08da5ce60398e1f19af0e5dccc744df274b826abe585eaba68c525434806  one\n";
const std::string kTwo = "27dd8ed44a83ff94d557f9fd0412ed5a8cbca69ea04922d88c01184a07300a5a  two words\n";

}  // namespace

TEST_CASE("checksums have the form of sha256sum, and keep the lines of other files", "[base]") {
  const TemporaryFolder folder;
  folder.write("two words", "two\n");
  record_checksums(folder.path(), {"two words"});
  REQUIRE(read(folder / "SHA256SUMS") == kTwo);
  folder.write("one", "one\n");
  record_checksums(folder.path(), {"one"});
  REQUIRE(read(folder / "SHA256SUMS") == kOne + kTwo);
  const Checksums checksums(folder.path(), "copy it again");
  checksums.require("one");
  checksums.require("two words");
}

TEST_CASE("a file that has changed, is gone or is not listed is refused with the cure", "[base]") {
  const TemporaryFolder folder;
  folder.write("one", "one\n");
  record_checksums(folder.path(), {"one"});
  const Checksums checksums(folder.path(), "copy it again");
  REQUIRE_THROWS_WITH(checksums.require("two"), ContainsSubstring("SHA256SUMS: it has no line for two; copy it again"));
  for (const char* changed : {"", "One\n", "one", "one\n\n"}) {
    folder.write("one", changed);
    REQUIRE_THROWS_AS(checksums.require("one"), trefoil::DataError);
    REQUIRE_THROWS_WITH(checksums.require("one"),
                        ContainsSubstring("one: its content has changed") && ContainsSubstring("; copy it again"));
  }
  std::filesystem::remove(folder / "one");
  REQUIRE_THROWS_AS(checksums.require("one"), trefoil::DataError);
}

TEST_CASE("checksums of another form are refused, and recorded anew", "[base]") {
  const TemporaryFolder folder;
  folder.write("one", "one\n");
  const auto require_refused = [&](const std::string& text) {
    folder.write("SHA256SUMS", text);
    CAPTURE(text);
    REQUIRE_THROWS_WITH(
        Checksums(folder.path(), "copy it again"),
        ContainsSubstring("SHA256SUMS: line 1 does not have the form") && ContainsSubstring("; copy it again"));
  };
  require_refused("\n");
  require_refused("one\n");
  require_refused(kOne.substr(1));
  require_refused(kOne.substr(0, 64) + " *one\n");
  require_refused(kOne.substr(0, 66) + "\n");
  folder.write("SHA256SUMS", kOne + kOne);
  REQUIRE_THROWS_WITH(Checksums(folder.path(), ""), ContainsSubstring("line 2 does not have the form"));
  record_checksums(folder.path(), {"one"});
  REQUIRE(read(folder / "SHA256SUMS") == kOne);
  std::filesystem::remove(folder / "SHA256SUMS");
  REQUIRE_THROWS_AS(Checksums(folder.path(), ""), trefoil::DataError);
}
