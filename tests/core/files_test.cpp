#include "support/files.h"

#include <chrono>

#include "base/atomic_file.h"
#include "base/base64.h"
#include "base/csv.h"
#include "base/errors.h"
#include "base/sha256.h"
#include "base/suggestion.h"
#include "base/text.h"
#include "support/catch.h"

using namespace tests;
using namespace trefoil::base;

TEST_CASE("an atomic file appears on commit, and otherwise leaves nothing", "[base]") {
  const TemporaryFolder folder;
  {
    AtomicFile abandoned(folder / "a.txt");
    abandoned.write("half");
  }
  REQUIRE(std::filesystem::is_empty(folder.path()));
  AtomicFile file(folder / "a.txt");
  file.write("who");
  REQUIRE_FALSE(std::filesystem::exists(folder / "a.txt"));
  file.write("le");
  file.commit();
  REQUIRE(tests::read(folder / "a.txt") == "whole");
}

TEST_CASE("temporary files of killed processes are removed when they are a day old", "[base]") {
  const TemporaryFolder folder;
  const auto written = [&](const char* name, int hours_ago) {
    const auto file = folder.write(name, "x");
    std::filesystem::last_write_time(file,
                                     std::filesystem::file_time_type::clock::now() - std::chrono::hours(hours_ago));
    return file;
  };
  const auto old_one = written("a.npy.partial-123", 25);
  const auto new_one = written("b.npy.partial-124", 1);
  const auto other = written("partial-notes.txt", 1000);
  trefoil::base::remove_old_temporary_files(folder.path());
  REQUIRE_FALSE(std::filesystem::exists(old_one));
  REQUIRE(std::filesystem::exists(new_one));
  REQUIRE(std::filesystem::exists(other));
  trefoil::base::remove_old_temporary_files(folder / "absent");
}

TEST_CASE("writing where no folder is fails with the path", "[base]") {
  REQUIRE_THROWS_WITH(write_atomically("/nowhere/at/all.txt", "x"), ContainsSubstring("/nowhere/at/all.txt"));
}

TEST_CASE("a durable file is written like any other, and a folder has no SHA-256", "[base]") {
  const TemporaryFolder folder;
  write_atomically(folder / "a.txt", "whole", Durability::power_loss);
  REQUIRE(tests::read(folder / "a.txt") == "whole");
  REQUIRE_THROWS_AS(sha256_of_file(folder.path()), trefoil::DataError);
  REQUIRE_THROWS_AS(sha256_of_file(folder / "missing"), trefoil::DataError);
}

TEST_CASE("SHA-256 of known texts", "[base]") {
  const TemporaryFolder folder;
  const std::string abc =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";  // FIPS 180-2, appendix B.1
  REQUIRE(sha256("abc") == abc);
  REQUIRE(sha256_of_file(folder.write("abc", "abc")) == abc);
  REQUIRE(sha256("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  REQUIRE_THROWS_AS(sha256_of_file(folder / "missing"), trefoil::DataError);
}

TEST_CASE("base64 of the texts in RFC 4648", "[base]") {
  for (const auto& [bytes, text] :
       {std::pair("", ""), {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {"foobar", "Zm9vYmFy"}})
    REQUIRE(base64(bytes) == text);
}

TEST_CASE("near words are suggested, far ones are not", "[base]") {
  const std::vector<std::string> known = {"alpha", "beta", "gamma", "logit_scale"};
  REQUIRE(nearest("alhpa", known) == "alpha");
  REQUIRE(nearest("betas", known) == "beta");
  REQUIRE(nearest("logit", known) == "logit_scale");
  REQUIRE(nearest("temperature", known).empty());
}

TEST_CASE("UTF-8 is told from other bytes", "[base]") {
  for (const char* good : {"", "abc", "\xC3\xBC", "\xE2\x82\xAC", "\xF0\x9F\x8D\x80", "\xEF\xBF\xBD"})
    REQUIRE(is_utf8(good));
  for (const char* bad :
       {"\xFC", "\xC3", "\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xC3(", "\x80"}) {
    REQUIRE_FALSE(is_utf8(bad));
  }
}

TEST_CASE("CSV fields are quoted when they must be", "[base]") {
  REQUIRE(csv_field("plain") == "plain");
  REQUIRE(csv_field("a,b") == "\"a,b\"");
  REQUIRE(csv_field("say \"x\"") == "\"say \"\"x\"\"\"");
}
