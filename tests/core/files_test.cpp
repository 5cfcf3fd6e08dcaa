#include "support/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

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

TEST_CASE("a link stays a link, and the file that it leads to is replaced", "[base]") {
  const TemporaryFolder folder;
  folder.write("real/a.txt", "old");
  std::filesystem::create_symlink("real/a.txt", folder / "link");
  std::filesystem::create_symlink("link", folder / "link to a link");
  std::filesystem::create_symlink("real/new.txt", folder / "dangling");
  write_atomically(folder / "link to a link", "new");
  write_atomically(folder / "dangling", "first");
  REQUIRE(std::filesystem::read_symlink(folder / "link to a link") == "link");
  REQUIRE(std::filesystem::read_symlink(folder / "dangling") == "real/new.txt");
  REQUIRE(tests::read(folder / "real/a.txt") == "new");
  REQUIRE(tests::read(folder / "real/new.txt") == "first");
  std::filesystem::create_symlink("loop", folder / "loop");
  REQUIRE_THROWS_WITH(write_atomically(folder / "loop", "x"), ContainsSubstring("too many links"));
}

TEST_CASE("pipes and devices are written to, and stay what they are", "[base]") {
  const TemporaryFolder folder;
  REQUIRE(::mkfifo((folder / "pipe").c_str(), 0600) == 0);
  const int reader = ::open((folder / "pipe").c_str(), O_RDONLY | O_NONBLOCK);
  require_writable(folder / "pipe");
  write_atomically(folder / "pipe", "through", Durability::power_loss);
  std::string bytes(7, ' ');
  REQUIRE(::read(reader, bytes.data(), bytes.size()) == 7);
  ::close(reader);
  REQUIRE(bytes == "through");
  REQUIRE(std::filesystem::is_fifo(folder / "pipe"));
  require_writable("/dev/null");
  write_atomically("/dev/null", "nothing");
  REQUIRE(std::filesystem::is_character_file("/dev/null"));
  REQUIRE_THROWS_WITH(write_atomically("/dev/full", "x"),
                      "/dev/full: it could not be written completely: No space left on device");
}

TEST_CASE("a file that cannot be written says why, and leaves nothing", "[base]") {
  const TemporaryFolder folder;
  AtomicFile file(folder / "a.txt");
  std::filesystem::create_directories(folder / "a.txt/b");
  REQUIRE_THROWS_WITH(file.commit(),
                      (folder / "a.txt").string() + ": it could not be written completely: Is a directory");
  AtomicFile many("/dev/full");
  for (int i = 0; i < 100; ++i) many.write(std::string(100000, 'x'));
  REQUIRE_THROWS_WITH(many.commit(), ContainsSubstring("No space left on device"));
}

TEST_CASE("what cannot be written is known before it is written", "[base]") {
  const TemporaryFolder folder;
  const auto file = folder.write("file", "kept");
  require_writable(file);
  require_writable(folder / "new");
  REQUIRE(tests::read(file) == "kept");
  REQUIRE_FALSE(std::filesystem::exists(folder / "new"));
  REQUIRE_THROWS_WITH(require_writable(folder.path()), ContainsSubstring("it is a folder"));
  REQUIRE_THROWS_WITH(require_writable(folder / "absent/file"), ContainsSubstring("it cannot be written"));
  REQUIRE_THROWS_WITH(make_folder_of(file / "a/b"), ContainsSubstring("the folder cannot be created"));
  make_folder_of(folder / "a/b/c");
  REQUIRE(std::filesystem::is_directory(folder / "a/b"));
}

TEST_CASE("temporary files of killed processes are removed when they are a day old", "[base]") {
  const TemporaryFolder folder;
  const auto written = [&](const char* name, int hours_ago) {
    auto file = folder.write(name, "x");
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
  // These have no end, or would be waited for.
  REQUIRE(::mkfifo((folder / "pipe").c_str(), 0600) == 0);
  REQUIRE_THROWS_WITH(sha256_of_file(folder / "pipe"), ContainsSubstring("pipe: it cannot be read, or is no file"));
  REQUIRE_THROWS_AS(sha256_of_file("/dev/zero"), trefoil::DataError);
  REQUIRE_THROWS_WITH(read_text("/dev/zero"), "/dev/zero: it is a device, not a file");
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
