// Lists of classes and images, and what lies in folders.
#include <algorithm>

#include "base/errors.h"
#include "data/image_files.h"
#include "data/natural_order.h"
#include "data/test_labels.h"
#include "data/text_lines.h"
#include "support/catch.h"
#include "support/files.h"
#include "support/image_lists.h"

using namespace tests;
using namespace trefoil::data;
using trefoil::DataError;

namespace {

using Words = std::vector<std::string>;

Words file_names(const std::vector<std::filesystem::path>& paths) {
  Words names;
  for (const auto& path : paths) names.push_back(path.filename().string());
  return names;
}

// "NAME=LABEL" of each.
Words labelled_names(const TemporaryFolder& folder, const std::string& text) {
  Words lines;
  for (const LabelledName& line : read_labelled_names(folder.write("list.txt", text))) {
    lines.push_back(line.name + "=" + std::to_string(line.label));
  }
  return lines;
}

// Whether each comes before all that follow, and none of those before it.
bool is_strictly_ascending(const Words& names) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (natural_less(names[i], names[i])) return false;
    for (std::size_t j = i + 1; j < names.size(); ++j) {
      if (!natural_less(names[i], names[j]) || natural_less(names[j], names[i])) return false;
    }
  }
  return true;
}

}  // namespace

TEST_CASE("names are ordered with their numbers as numbers", "[dataset]") {
  REQUIRE(is_strictly_ascending({"", "0", "00", "01", "1", "1_2", "1_10", "01a", "1a", "2", "9", "10", "99", "100"}));
  REQUIRE(is_strictly_ascending({"image_9.jpg", "image_10.jpg", "image_100.jpg", "image_a.jpg"}));
  REQUIRE(is_strictly_ascending({"A", "B1", "B12", "a", "a2b3", "a2b10", "a10b1", "\xC3\xA4"}));
  REQUIRE(is_strictly_ascending({"x18446744073709551615", "x18446744073709551616", "x100000000000000000000"}));
}

TEST_CASE("names that differ in leading zeros only are ordered by their bytes", "[dataset]") {
  REQUIRE(is_strictly_ascending({"007.jpg", "07.jpg", "7.jpg", "0008.jpg", "8.jpg"}));
  REQUIRE(is_strictly_ascending({"a01b2", "a1b02", "a1b2", "a01b3"}));
}

TEST_CASE("the natural order is a total order", "[dataset]") {
  Words names = {""};
  for (std::size_t i = 0; names[i].size() < 4; ++i) {
    for (const char letter : {'0', '1', '2', 'a', '.'}) names.push_back(names[i] + letter);
  }
  REQUIRE(names.size() == 1 + 5 + 25 + 125 + 625);
  std::sort(names.begin(), names.end(), natural_less);
  REQUIRE(is_strictly_ascending(names));
}

TEST_CASE("every permutation is sorted into the same order", "[dataset]") {
  const Words sorted = {"2", "b", "b01", "b1", "b1.1", "b02", "b10"};
  Words permuted = sorted;
  std::sort(permuted.begin(), permuted.end());
  do {
    Words names = permuted;
    std::sort(names.begin(), names.end(), natural_less);
    if (names != sorted) REQUIRE(names == sorted);
  } while (std::next_permutation(permuted.begin(), permuted.end()));
  SUCCEED();
}

TEST_CASE("image files are told by how they are called", "[dataset]") {
  const TemporaryFolder folder;
  const Words images = {"9.jpg",  "10.jpg", "B.JPEG", "c.PnG", "d.bmp", "e.webp", "f.gif", "g.TIF",
                        "h.tiff", "i.ppm",  "j.pgm",  "k.pbm", "l.pnm", "m.jp2",  "n.jpe", "o.jfif"};
  for (const std::string& name : images) folder.write(name, "x");
  for (const char* name : {"p.jpg.txt", "jpg", "folder.jpg/inner.jpg", "below/deep.jpg"}) folder.write(name, "x");
  REQUIRE(file_names(ImageFinder().in(folder.path())) == images);
  REQUIRE(ImageFinder().in(folder.path()).at(0) == folder / "9.jpg");
  REQUIRE(ImageFinder().in(folder / "folder.jpg") ==
          std::vector<std::filesystem::path>{folder / "folder.jpg/inner.jpg"});
}

TEST_CASE("hidden files and folders are no images, and are not mentioned", "[dataset]") {
  const TemporaryFolder folder;
  for (const char* name : {"1.jpg", ".jpg", "._1.jpg", ".DS_Store", "Thumbs.db", ".cache/2.jpg", "__MACOSX/3.jpg",
                           "@eaDir/4.jpg", "inner/5.jpg", "inner/._5.jpg", "inner/@eaDir/5.jpg"}) {
    folder.write(name, "x");
  }
  ImageFinder finder;
  REQUIRE(file_names(finder.in(folder.path())) == Words{"1.jpg"});
  REQUIRE(file_names(finder.below(folder.path())) == Words{"1.jpg", "5.jpg"});
  REQUIRE(file_names(folders_in(folder.path())) == Words{"inner"});
  REQUIRE(finder.ignored().empty());
  REQUIRE_THROWS_WITH(finder.refuse_as_empty("here"), "here: there are no images in it");
}

TEST_CASE("files of other kinds are counted by their extensions", "[dataset]") {
  const TemporaryFolder folder;
  for (const char* name :
       {"a.svg", "b.TXT", "inner/c.txt", "inner/readme", "d.jpg", "e.\xFFx", "f.an extension that is long"})
    folder.write(name, "x");
  ImageFinder finder;
  REQUIRE(finder.below(folder.path()).size() == 1);
  REQUIRE(finder.ignored() == "6 files ignored: .txt 2, with other extensions 2, .svg 1, without an extension 1");
  REQUIRE_THROWS_WITH(finder.refuse_as_empty("here"),
                      "here: there are no images in it, but 6 files of other kinds: .txt 2, with other extensions 2, "
                      ".svg 1, without an extension 1");
  const TemporaryFolder many;
  for (char letter = 'a'; letter <= 'k'; ++letter) many.write(std::string("x.") + letter, "x");
  ImageFinder none;
  REQUIRE(none.in(many.path()).empty());
  REQUIRE(none.ignored() == "11 files ignored: .a 1, .b 1, .c 1, .d 1, .e 1, .f 1, .g 1, .h 1, and 3 more extensions");
}

TEST_CASE("links that lead upwards are not followed, others are", "[dataset]") {
  const TemporaryFolder folder;
  for (const char* name : {"all/images/1.jpg", "all/images/inner/2.jpg", "all/3.jpg", "store/4.jpg"})
    folder.write(name, "x");
  std::filesystem::create_directory_symlink("..", folder / "all/images/parent");
  std::filesystem::create_directory_symlink("/", folder / "all/images/root");
  std::filesystem::create_directory_symlink("../../images", folder / "all/images/inner/loop");
  std::filesystem::create_directory_symlink(folder / "store", folder / "all/images/store");
  std::filesystem::create_directory_symlink(folder / "all/images", folder / "store/back");
  REQUIRE(file_names(ImageFinder().below(folder / "all/images")) == Words{"1.jpg", "2.jpg", "4.jpg"});
}

TEST_CASE("a link does not bring images of another class", "[dataset]") {
  const TemporaryFolder folder;
  for (const char* name :
       {"train/cat/1.jpg", "train/dog/2.jpg", "train/dog/inner/3.jpg", "store/bird/4.jpg", "store/more cats/5.jpg"}) {
    folder.write(name, "x");
  }
  std::filesystem::create_directory_symlink(folder / "store/bird", folder / "train/bird");
  const auto link_from_cat = [&](const char* name, const std::filesystem::path& target) {
    std::filesystem::create_directory_symlink(target, folder / "train/cat" / name);
  };
  link_from_cat("sideways", "../dog");
  link_from_cat("deep", "../dog/inner");
  link_from_cat("through a link", "../bird");
  link_from_cat("real", folder / "store/bird");
  link_from_cat("above another", folder / "store");
  link_from_cat("upwards", "..");
  link_from_cat("allowed", folder / "store/more cats");
  ImageFinder finder(folders_in(folder / "train"));
  REQUIRE(file_names(finder.below(folder / "train/cat")) == Words{"1.jpg", "5.jpg"});
  REQUIRE(file_names(finder.below(folder / "train/dog")) == Words{"2.jpg", "3.jpg"});
  REQUIRE(file_names(finder.below(folder / "train/bird")) == Words{"4.jpg"});
  std::filesystem::create_directory_symlink("..", folder / "train/whole");  // a class that is the whole data set
  ImageFinder all(folders_in(folder / "train"));
  REQUIRE(all.below(folder / "train/whole").empty());
}

TEST_CASE("links to images count, broken ones too, and links to folders are folders", "[dataset]") {
  const TemporaryFolder folder;
  folder.write("store/photo", "x");
  std::filesystem::create_symlink(folder / "store/photo", folder / "good.jpg");
  std::filesystem::create_symlink(folder / "nowhere", folder / "broken.jpg");
  std::filesystem::create_directory_symlink(folder / "store", folder / "linked.jpg");
  std::filesystem::create_directory_symlink(folder / "store", folder / "linked");
  REQUIRE(file_names(ImageFinder().in(folder.path())) == Words{"broken.jpg", "good.jpg"});
  REQUIRE(file_names(folders_in(folder.path())) == Words{"linked", "linked.jpg", "store"});
}

TEST_CASE("folders are listed in natural order, without files and hidden ones", "[dataset]") {
  const TemporaryFolder folder;
  for (const char* name : {"class_10/x", "class_9/x", "class_9/inner/x", ".cache/x", "file"}) folder.write(name, "x");
  REQUIRE(folders_in(folder.path()) == std::vector<std::filesystem::path>{folder / "class_9", folder / "class_10"});
}

TEST_CASE("a name with a line break is refused, because a submission has one image a line", "[dataset]") {
  const TemporaryFolder folder;
  folder.write("one\ntwo.jpg", "");
  REQUIRE_THROWS_WITH(ImageFinder().in(folder.path()), ContainsSubstring("control character; rename it"));
  const TemporaryFolder classes;
  std::filesystem::create_directory(classes / "cat\tdog");
  REQUIRE_THROWS_WITH(folders_in(classes.path()), ContainsSubstring("control character; rename it"));
}

TEST_CASE("a folder that cannot be read is an error with its path", "[dataset]") {
  const TemporaryFolder folder;
  for (const auto& path : {folder / "missing", folder.write("file", "x")}) {
    REQUIRE_THROWS_AS(ImageFinder().in(path), DataError);
    REQUIRE_THROWS_WITH(ImageFinder().in(path), ContainsSubstring(path.string() + ": the folder cannot be read"));
    REQUIRE_THROWS_WITH(folders_in(path), ContainsSubstring(path.string() + ": the folder cannot be read"));
  }
}

TEST_CASE("lines are read with and without carriage returns and a last line end", "[dataset]") {
  const TemporaryFolder folder;
  for (const char* text : {"one\n\nthree", "one\n\nthree\n", "one\r\n\r\nthree\r\n", "one\n\nthree\r\n\r\n\n"}) {
    const std::vector<TextLine> lines = read_lines(folder.write("a.txt", text));
    REQUIRE(lines.size() == 3);
    REQUIRE((lines[0].text == "one" && lines[0].number == 1));
    REQUIRE((lines[1].text.empty() && lines[1].number == 2));
    REQUIRE((lines[2].text == "three" && lines[2].number == 3));
  }
  REQUIRE(read_lines(folder.write("empty.txt", "")).empty());
  REQUIRE(read_lines(folder.write("blank.txt", "\n\r\n\n")).empty());
  REQUIRE_THROWS_WITH(read_lines(folder / "missing.txt"), ContainsSubstring((folder / "missing.txt").string()));
}

TEST_CASE("a line with a control character is named, because terminals would obey it", "[dataset]") {
  const TemporaryFolder folder;
  for (const char* bad : {"a\x1B[31m 1",
                          "a\xC2\x9B"
                          "31m 1",
                          "a\x7F 1", "a\rb 1"}) {
    const auto file = folder.write("list.txt", std::string("good 1\nalso\tgood 2\n") + bad + "\n");
    CAPTURE(bad);
    for (const Encoding encoding : {Encoding::utf8, Encoding::any}) {
      REQUIRE_THROWS_WITH(read_lines(file, encoding),
                          ContainsSubstring(file.string() + ":3: it has a control character"));
    }
  }
}

TEST_CASE("a line that is not UTF-8 is named", "[dataset]") {
  const TemporaryFolder folder;
  const auto file = folder.write("latin1.txt", "B\xC3\xA4r\n\nB\xE4r\n");
  REQUIRE_THROWS_AS(read_lines(file), DataError);
  REQUIRE_THROWS_WITH(read_lines(file), ContainsSubstring(file.string() + ":3: ") && ContainsSubstring("UTF-8"));
  REQUIRE(read_lines(file, Encoding::any).at(2).text == "B\xE4r");
}

TEST_CASE("lists hold a name and a number, separated by spaces, tabs or a comma", "[dataset]") {
  const TemporaryFolder folder;
  const Words expected = {"a=1", "b/c.jpg=22"};
  for (const char* text : {"a 1\nb/c.jpg 22\n", "a\t1\nb/c.jpg\t22", "a,1\r\nb/c.jpg,22\r\n", "a, 1\n\nb/c.jpg  \t22\n",
                           " \t\na 01\n\t\nb/c.jpg 022\n\n"}) {
    REQUIRE(labelled_names(folder, text) == expected);
  }
  REQUIRE(labelled_names(folder, "two words, 3 \t4\nB\xC3\xA4r/\xE7\x86\x8A 1.jpg 5\nx -6\n") ==
          Words{"two words, 3=4", "B\xC3\xA4r/\xE7\x86\x8A 1.jpg=5", "x=-6"});
}

TEST_CASE("a line of a list that is of another form is named", "[dataset]") {
  const TemporaryFolder folder;
  for (const char* line : {"name", "two words", "5", " 5", ",5", "a 1.5", "a 1x", "a 0x1", "a -", "a +1", "a 1 b",
                           "a 99999999999999999999"}) {
    const auto file = folder.write("list.txt", "a 1\n\n" + std::string(line) + "\r\nb 2\n");
    REQUIRE_THROWS_AS(read_labelled_names(file), DataError);
    REQUIRE_THROWS_WITH(read_labelled_names(file),
                        ContainsSubstring(file.string() + ":3: ") && ContainsSubstring("'" + std::string(line) + "'"));
  }
  for (const char* text : {"", "\n\n", " \n\t\r\n"}) {
    REQUIRE_THROWS_WITH(read_labelled_names(folder.write("list.txt", text)),
                        ContainsSubstring((folder / "list.txt").string() + ": the file is empty"));
  }
}

TEST_CASE("test labels may be more than needed, and there twice when they agree", "[dataset]") {
  const TemporaryFolder folder;
  std::vector<ImageEntry> images = {{folder / "a b.jpg", "a b.jpg"}, {folder / "c.jpg", "c.jpg"}};
  set_test_labels(images, folder.write("labels.txt", "x.jpg 0\nc.jpg,2\na b.jpg\t1\r\nc.jpg 2\n"), 3);
  REQUIRE(lines_of(images) == Words{"a b.jpg 1", "c.jpg 2"});
  REQUIRE(images[0].file == folder / "a b.jpg");
}

TEST_CASE("test labels may be of images whose names are not UTF-8", "[dataset]") {
  const TemporaryFolder folder;
  std::vector<ImageEntry> images = {{folder / "caf\xe9.jpg", "caf\xe9.jpg"}};
  set_test_labels(images, folder.write("labels.txt", "caf\xe9.jpg 2\n"), 3);
  REQUIRE(images[0].label == 2);
}

TEST_CASE("test labels that are missing, contradict each other, or are of no class are refused", "[dataset]") {
  const TemporaryFolder folder;
  const auto refused = [&](const std::string& labels, const std::string& name, const std::string& why) {
    std::vector<ImageEntry> images = {{folder / "a.jpg", "a.jpg"}, {folder / "b.jpg", "b.jpg"}};
    const auto file = folder.write("labels.txt", labels);
    REQUIRE_THROWS_AS(set_test_labels(images, file, 3), DataError);
    REQUIRE_THROWS_WITH(set_test_labels(images, file, 3),
                        ContainsSubstring(file.string()) && ContainsSubstring(name) && ContainsSubstring(why));
  };
  refused("a.jpg 0\nc.jpg 1\n", "'b.jpg'", "no line");
  refused("a.jpg 0\nb.jpg 1\na.jpg 2\n", "'a.jpg'", "two lines");
  refused("a.jpg 0\nb.jpg 3\n", "labels.txt:2: 'b.jpg'", "the class 3, but the classes are 0 to 2");
  refused("a.jpg -1\nb.jpg 1\n", "'a.jpg'", "the class -1");
  refused("a.jpg 0\nb.jpg 1\nc.jpg 3\n", "'c.jpg'", "the class 3");
  refused("a.jpg 0\nb.jpg one\n", "labels.txt:2: ", "'b.jpg one'");
}
