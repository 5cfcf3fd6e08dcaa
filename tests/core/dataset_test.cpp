// The layouts of images, track1 and folder.
#include "data/dataset.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/errors.h"
#include "data/layout.h"
#include "support/catch.h"
#include "support/files.h"
#include "support/image_lists.h"
#include "support/layouts.h"

using namespace tests;
using namespace trefoil::data;
using trefoil::DataError;
using trefoil::Parameter;
using trefoil::Parameters;
using trefoil::ParameterValue;

namespace {

using Words = std::vector<std::string>;
using LayoutParameters = std::map<std::string, ParameterValue>;

// The data set that `layout` lists in `folder`. Parameters that are not given have their defaults.
Dataset list(const std::string& layout, const TemporaryFolder& folder, LayoutParameters overrides) {
  overrides.insert({"root", folder.path().string()});
  return find_layout(layout)->list(layout_parameters(layout, overrides), /*seed=*/1);
}

// "FULL NAME|READABLE NAME|SUBSET" of each.
Words class_lines(const std::vector<ClassEntry>& classes) {
  Words lines;
  for (const ClassEntry& entry : classes) lines.push_back(entry.full_name + "|" + entry.name + "|" + entry.subset);
  return lines;
}

bool are_all_there(const std::vector<ImageEntry>& images) {
  return std::all_of(images.begin(), images.end(),
                     [](const ImageEntry& image) { return std::filesystem::is_regular_file(image.file); });
}

const LayoutParameters kTrack1 = {{"classes", "classes.txt"}, {"test", "TestSet"}};

// Four classes in three subsets and in none, five training images, three test images.
void write_track1(const TemporaryFolder& folder) {
  folder.write("classes.txt", "Thu-dog_Shiba_Dog 1\nAnimal_Bear 0\nFood-101_ice_cream 2\nplain_name 3\n");
  folder.write("train.txt",
               "TrainSet/Animal/Bear/9.jpg 0\nTrainSet/Animal/Bear/10.jpg 0\nTrainSet/Food-101/ice_cream/a b.png 2\n"
               "TrainSet/Thu-dog/Shiba_Dog/1.jpg 1\nTrainSet/Thu-dog/Shiba_Dog/2.JPG 1\n");
  for (const char* name :
       {"TrainSet/Animal/Bear/10.jpg", "TrainSet/Animal/Bear/9.jpg", "TrainSet/Animal/Bear/notes.txt",
        "TrainSet/Food-101/ice_cream/a b.png", "TrainSet/Thu-dog/Shiba_Dog/1.jpg", "TrainSet/Thu-dog/Shiba_Dog/2.JPG",
        "TestSet/image_10.jpg", "TestSet/image_9.jpg", "TestSet/image_1.jpg", "TestSet/readme.md"}) {
    folder.write(name, "x");
  }
}

}  // namespace

TEST_CASE("layouts are found by name, and hold features or images", "[dataset]") {
  std::set<std::string> of_images;
  for (const std::string& name : layout_names()) {
    const Layout* layout = find_layout(name);
    REQUIRE(layout->name == name);
    REQUIRE((layout->load == nullptr) == layout->holds_images());
    if (layout->holds_images()) of_images.insert(name);
  }
  REQUIRE(of_images == std::set<std::string>{"coop", "folder", "lists", "track1"});
  REQUIRE(find_layout("nothing") == nullptr);
  for (const std::string& name : of_images) {
    std::set<std::string> keys;
    for (const Parameter& declared : find_layout(name)->parameters) keys.insert(declared.name);
    for (const char* key : {"shots", "choose", "support_list", "views", "on_bad_image"}) REQUIRE(keys.count(key) == 1);
  }
}

TEST_CASE("track1 reads classes by number, with their prefixes as subsets", "[dataset]") {
  const TemporaryFolder folder;
  write_track1(folder);
  REQUIRE(class_lines(list("track1", folder, kTrack1).classes) ==
          Words{"Animal_Bear|Bear|Animal", "Thu-dog_Shiba_Dog|Shiba Dog|Thu-dog",
                "Food-101_ice_cream|ice cream|Food-101", "plain_name|plain name|"});

  folder.write("TrainSet/plain/name/1.jpg", "x");
  LayoutParameters overrides = kTrack1;
  overrides["prefixes"] = Words{"plain", "Food"};
  const Dataset other_prefixes = list("track1", folder, overrides);
  REQUIRE(class_lines(other_prefixes.classes) ==
          Words{"Animal_Bear|Animal Bear|", "Thu-dog_Shiba_Dog|Thu-dog Shiba Dog|",
                "Food-101_ice_cream|Food-101 ice cream|", "plain_name|name|plain"});
  REQUIRE(other_prefixes.train.size() == 6);
}

TEST_CASE("track1 finds the same training images by list and by folder", "[dataset]") {
  const TemporaryFolder folder;
  write_track1(folder);
  LayoutParameters overrides = kTrack1;
  const Dataset scanned = list("track1", folder, overrides);
  overrides["train"] = "train.txt";
  const Dataset listed = list("track1", folder, overrides);
  REQUIRE(lines_of(listed.train) == Words{"TrainSet/Animal/Bear/9.jpg 0", "TrainSet/Animal/Bear/10.jpg 0",
                                          "TrainSet/Food-101/ice_cream/a b.png 2", "TrainSet/Thu-dog/Shiba_Dog/1.jpg 1",
                                          "TrainSet/Thu-dog/Shiba_Dog/2.JPG 1"});
  REQUIRE(lines_of(scanned.train) == lines_of(listed.train));
  for (std::size_t i = 0; i < listed.train.size(); ++i) REQUIRE(scanned.train[i].file == listed.train[i].file);
  REQUIRE(are_all_there(listed.train));
  REQUIRE(scanned.files == std::vector<std::filesystem::path>{folder / "classes.txt"});
  REQUIRE(listed.files == std::vector<std::filesystem::path>{folder / "classes.txt", folder / "train.txt"});
}

TEST_CASE("track1 keeps the order of a train list and scans another folder when told", "[dataset]") {
  const TemporaryFolder folder;
  write_track1(folder);
  LayoutParameters overrides = kTrack1;
  overrides["train"] = folder.write("some.txt", "b/2.jpg 3\nb/1.jpg 0\n").filename().string();
  REQUIRE(lines_of(list("track1", folder, overrides).train) == Words{"b/2.jpg 3", "b/1.jpg 0"});
  REQUIRE(list("track1", folder, overrides).train.at(0).file == folder / "b/2.jpg");

  folder.write("Other/Animal/Bear/5.jpg", "x");
  overrides["train"] = "";
  overrides["train_folder"] = "Other";
  REQUIRE(lines_of(list("track1", folder, overrides).train) == Words{"Other/Animal/Bear/5.jpg 0"});
}

TEST_CASE("track1 lists test images in natural order, with labels when it has them", "[dataset]") {
  const TemporaryFolder folder;
  write_track1(folder);
  LayoutParameters overrides = kTrack1;
  const Dataset unlabelled = list("track1", folder, overrides);
  REQUIRE(lines_of(unlabelled.test) == Words{"image_1.jpg -1", "image_9.jpg -1", "image_10.jpg -1"});
  REQUIRE_FALSE(unlabelled.test_is_labelled());
  REQUIRE(are_all_there(unlabelled.test));

  folder.write("labels.txt", "image_10.jpg 0\nimage_1.jpg 3\nimage_77.jpg 1\nimage_9.jpg 2\n");
  overrides["labels"] = "labels.txt";
  const Dataset labelled = list("track1", folder, overrides);
  REQUIRE(lines_of(labelled.test) == Words{"image_1.jpg 3", "image_9.jpg 2", "image_10.jpg 0"});
  REQUIRE(labelled.test_is_labelled());
  REQUIRE(labelled.files == std::vector<std::filesystem::path>{folder / "classes.txt", folder / "labels.txt"});
}

TEST_CASE("track1 refuses class numbers that are missing, there twice, or out of range", "[dataset]") {
  const TemporaryFolder folder;
  write_track1(folder);
  const auto refused = [&](const std::string& classes, const std::string& one, const std::string& other) {
    const auto file = folder.write("classes.txt", classes);
    REQUIRE_THROWS_AS(list("track1", folder, kTrack1), DataError);
    REQUIRE_THROWS_WITH(list("track1", folder, kTrack1),
                        ContainsSubstring(file.string()) && ContainsSubstring(one) && ContainsSubstring(other));
  };
  refused("Animal_Bear 0\nAnimal_Cat 2\n", "'Animal_Cat'", "the number 2");
  refused("Animal_Bear 1\nAnimal_Cat 2\n", "'Animal_Cat'", "the number 2");
  refused("Animal_Bear 0\nAnimal_Cat 0\n", "'Animal_Bear'", "'Animal_Cat'");
  refused("Animal_Bear -1\nAnimal_Cat 0\n", "'Animal_Bear'", "the number -1");
  refused("Animal_Bear 0\nAnimal_Cat\n", "classes.txt:2: ", "'Animal_Cat'");
  refused("", "classes.txt", "the file is empty");
}

TEST_CASE("track1 refuses a folder of no class, and a list with a class that is none", "[dataset]") {
  const TemporaryFolder folder;
  write_track1(folder);
  folder.write("TrainSet/Animal/Cat/1.jpg", "x");
  REQUIRE_THROWS_AS(list("track1", folder, kTrack1), DataError);
  REQUIRE_THROWS_WITH(list("track1", folder, kTrack1), ContainsSubstring((folder / "TrainSet/Animal/Cat").string()) &&
                                                           ContainsSubstring("no class 'Animal_Cat'"));
  LayoutParameters overrides = kTrack1;
  overrides["train"] = "train.txt";
  REQUIRE(list("track1", folder, overrides).train.size() == 5);
  for (const char* number : {"4", "-1"}) {
    folder.write("train.txt", "a.jpg 3\nb.jpg " + std::string(number) + "\n");
    REQUIRE_THROWS_AS(list("track1", folder, overrides), DataError);
    REQUIRE_THROWS_WITH(list("track1", folder, overrides), ContainsSubstring((folder / "train.txt").string()) &&
                                                               ContainsSubstring("'b.jpg' has the class ") &&
                                                               ContainsSubstring(number) &&
                                                               ContainsSubstring("0 to 3"));
  }
  folder.write("train.txt", "a.jpg 3\n\nb.jpg\n");
  REQUIRE_THROWS_WITH(list("track1", folder, overrides), ContainsSubstring((folder / "train.txt").string() + ":3: "));
}

TEST_CASE("track1 refuses a test folder that is missing or without images", "[dataset]") {
  const TemporaryFolder folder;
  write_track1(folder);
  LayoutParameters overrides = kTrack1;
  overrides["test"] = "Nowhere";
  REQUIRE_THROWS_WITH(list("track1", folder, overrides), ContainsSubstring((folder / "Nowhere").string()));
  overrides["test"] = "TrainSet/Animal";
  REQUIRE_THROWS_AS(list("track1", folder, overrides), DataError);
  REQUIRE_THROWS_WITH(list("track1", folder, overrides),
                      ContainsSubstring((folder / "TrainSet/Animal").string() + ": there are no images in it"));
}

TEST_CASE("layout folder takes its classes from the training folder, with images at any depth", "[dataset]") {
  const TemporaryFolder folder;
  for (const char* name :
       {"train/class_10/1.jpg", "train/class_9/10.jpg", "train/class_9/9.jpg", "train/class_9/inner/deep/3.png",
        "train/class_9/notes.txt", "test/class_9/1/a b.jpg", "test/class_10/2.jpg", "test/class_10/1.jpg"}) {
    folder.write(name, "x");
  }
  const Dataset dataset = list("folder", folder, {});
  REQUIRE(class_lines(dataset.classes) == Words{"class_9|class 9|", "class_10|class 10|"});
  REQUIRE(lines_of(dataset.train) ==
          Words{"class_9/9.jpg 0", "class_9/10.jpg 0", "class_9/inner/deep/3.png 0", "class_10/1.jpg 1"});
  REQUIRE(lines_of(dataset.test) == Words{"class_9/1/a b.jpg 0", "class_10/1.jpg 1", "class_10/2.jpg 1"});
  REQUIRE(dataset.test_is_labelled());
  REQUIRE((are_all_there(dataset.train) && are_all_there(dataset.test)));
  REQUIRE(dataset.files.empty());
  REQUIRE(dataset.remarks == Words{"training images: 1 file ignored: .txt 1"});
}

TEST_CASE("layout folder keeps classes apart that links connect", "[dataset]") {
  const TemporaryFolder folder;
  for (const char* part : {"train", "test"}) {
    for (const char* name : {"cat/1.jpg", "dog/2.jpg"}) folder.write(std::string(part) + "/" + name, "x");
    std::filesystem::create_directory_symlink("..", folder / part / "cat/loop");
    std::filesystem::create_directory_symlink("../cat", folder / part / "dog/cats");
  }
  const Dataset dataset = list("folder", folder, {});
  REQUIRE(lines_of(dataset.train) == Words{"cat/1.jpg 0", "dog/2.jpg 1"});
  REQUIRE(lines_of(dataset.test) == Words{"cat/1.jpg 0", "dog/2.jpg 1"});
}

TEST_CASE("layout folder takes a test folder of images whose class is not known", "[dataset]") {
  const TemporaryFolder folder;
  for (const char* name : {"photos/a/1.jpg", "photos/b/1.jpg", "queries/10.jpg", "queries/9.jpg"}) {
    folder.write(name, "x");
  }
  const Dataset dataset = list("folder", folder, {{"train", "photos"}, {"test", "queries"}});
  REQUIRE(lines_of(dataset.train) == Words{"a/1.jpg 0", "b/1.jpg 1"});
  REQUIRE(lines_of(dataset.test) == Words{"9.jpg -1", "10.jpg -1"});
  REQUIRE_FALSE(dataset.test_is_labelled());
  REQUIRE(are_all_there(dataset.test));
}

TEST_CASE("layout folder refuses a test folder of both, of neither, or of another class", "[dataset]") {
  const TemporaryFolder folder;
  folder.write("train/a/1.jpg", "x");
  folder.write("both/a/1.jpg", "x");
  folder.write("both/2.jpg", "x");
  folder.write("neither/readme.md", "x");
  folder.write("hollow/a/readme.md", "x");
  folder.write("other/b/1.jpg", "x");
  const auto refused = [&](const std::string& test, const std::string& why) {
    REQUIRE_THROWS_AS(list("folder", folder, {{"test", test}}), DataError);
    REQUIRE_THROWS_WITH(list("folder", folder, {{"test", test}}),
                        ContainsSubstring((folder / test).string()) && ContainsSubstring(why));
  };
  refused("both", "images and class folders");
  refused("neither", "there are no images in it, but 1 file of other kinds: .md 1");
  refused("hollow", "there are no images in it, but 1 file of other kinds: .md 1");
  refused("other", "b: there is no class 'b'");
  refused("missing", "cannot be read");
}

TEST_CASE("layout folder takes the order of a class list", "[dataset]") {
  const TemporaryFolder folder;
  for (const char* name : {"train/a/1.jpg", "train/c_d/2.jpg", "test/c_d/3.jpg", "test/a/4.jpg"})
    folder.write(name, "x");
  folder.write("names.txt", "c_d\r\nb\r\na\r\n");
  const Dataset dataset = list("folder", folder, {{"classes", "names.txt"}});
  REQUIRE(class_lines(dataset.classes) == Words{"c_d|c d|", "b|b|", "a|a|"});
  REQUIRE(lines_of(dataset.train) == Words{"a/1.jpg 2", "c_d/2.jpg 0"});
  REQUIRE(lines_of(dataset.test) == Words{"a/4.jpg 2", "c_d/3.jpg 0"});
  REQUIRE(dataset.files == std::vector<std::filesystem::path>{folder / "names.txt"});

  folder.write("names.txt", "c_d\nb\n");
  REQUIRE_THROWS_AS(list("folder", folder, {{"classes", "names.txt"}}), DataError);
  REQUIRE_THROWS_WITH(list("folder", folder, {{"classes", "names.txt"}}),
                      ContainsSubstring((folder / "train/a").string() + ": there is no class 'a'"));
}

TEST_CASE("layout folder refuses a training folder that is missing or without classes", "[dataset]") {
  const TemporaryFolder folder;
  folder.write("train/1.jpg", "x");
  folder.write("test/1.jpg", "x");
  REQUIRE_THROWS_AS(list("folder", folder, {}), DataError);
  REQUIRE_THROWS_WITH(list("folder", folder, {}),
                      ContainsSubstring((folder / "train").string() + ": there are no class folders in it"));
  REQUIRE_THROWS_WITH(list("folder", folder, {{"train", "missing"}}),
                      ContainsSubstring((folder / "missing").string() + ": the folder cannot be read"));
}

TEST_CASE("test images may be a list with their classes, in both layouts", "[dataset]") {
  const TemporaryFolder track1;
  write_track1(track1);
  track1.write("test.txt", "TrainSet/Animal/Bear/10.jpg 0\nTrainSet/Thu-dog/Shiba_Dog/2.JPG 1\n");
  const Dataset listed = list("track1", track1, {{"classes", "classes.txt"}, {"test", "test.txt"}});
  REQUIRE(listed.test.size() == 2);
  REQUIRE(listed.test[1].name == "TrainSet/Thu-dog/Shiba_Dog/2.JPG");
  REQUIRE(listed.test[1].label == 1);
  REQUIRE(listed.test_is_labelled());
  REQUIRE(listed.test_folder == track1.path());
  REQUIRE(are_all_there(listed.test));
  REQUIRE(std::count(listed.files.begin(), listed.files.end(), track1 / "test.txt") == 1);
  const LayoutParameters both = {{"classes", "classes.txt"}, {"test", "test.txt"}, {"labels", "labels.txt"}};
  REQUIRE_THROWS_WITH(list("track1", track1, both), ContainsSubstring("remove data.labels"));
  track1.write("test.txt", "TrainSet/Animal/Bear/10.jpg 4\n");
  REQUIRE_THROWS_WITH(list("track1", track1, {{"classes", "classes.txt"}, {"test", "test.txt"}}),
                      ContainsSubstring("has the class 4, but the classes are 0 to 3"));

  const TemporaryFolder folder;
  for (const char* name : {"images/cat/1.jpg", "images/cat/2.jpg", "images/dog/1.jpg"}) folder.write(name, "");
  folder.write("test.txt", "images/dog/1.jpg 1\n");
  const Dataset split = list("folder", folder, {{"train", "images"}, {"test", "test.txt"}});
  REQUIRE(split.train.size() == 3);
  REQUIRE(split.test.size() == 1);
  REQUIRE(split.test[0].name == "images/dog/1.jpg");
  REQUIRE(split.test[0].label == 1);
}
