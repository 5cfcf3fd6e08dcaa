// Images that are named by lists: the layout lists, and readable names of class folders.
#include "base/errors.h"
#include "data/class_names.h"
#include "data/layout.h"
#include "support/catch.h"
#include "support/files.h"
#include "support/layouts.h"

using namespace tests;
using namespace trefoil::data;
using trefoil::DataError;

namespace {

Dataset listed_images(const std::string& layout, const TemporaryFolder& folder, LayoutValues overrides) {
  overrides.insert({"root", folder.path().string()});
  return find_layout(layout)->list(layout_parameters(layout, overrides), /*seed=*/1);
}

struct Aircraft {
  Aircraft() {
    folder.write("variants.txt", "707-320\nAn-12\nBAE 146-200\n");
    folder.write("train.txt", "01 707-320\n02 BAE 146-200\n03 BAE 146-200\n04 1\n");
    folder.write("val.txt", "11 707-320\n12 707-320\n13 An-12\n");
    folder.write("test.txt", "21 An-12\n");
  }

  Dataset list(LayoutValues overrides = {}) const {
    const LayoutValues files = {{"classes", "variants.txt"}, {"train", "train.txt"}, {"val", "val.txt"},
                                {"test", "test.txt"},        {"extension", ".jpg"},  {"images", "images"}};
    overrides.insert(files.begin(), files.end());
    return listed_images("lists", folder, overrides);
  }

  TemporaryFolder folder;
};

}  // namespace

TEST_CASE("lists name images, and classes by name or number", "[dataset]") {
  const Aircraft aircraft;
  const Dataset dataset = aircraft.list();
  REQUIRE(dataset.classes.size() == 3);
  REQUIRE(dataset.classes[2].name == "BAE 146-200");
  REQUIRE(dataset.train.size() == 4);
  REQUIRE(dataset.train[0].file == aircraft.folder / "images/01.jpg");
  REQUIRE(dataset.train[2].label == 2);
  REQUIRE(dataset.train[3].label == 1);
  REQUIRE(dataset.test[0].name == "21.jpg");
  REQUIRE(dataset.validation.empty());
  REQUIRE(dataset.files.size() == 3);
}

TEST_CASE("validation images are at most as many as shots", "[dataset]") {
  const Aircraft aircraft;
  const LayoutValues four = {{"val_shots", std::int64_t{4}}, {"shots", std::int64_t{1}}};
  REQUIRE(aircraft.list(four).validation.size() == 2);  // one of each class that has some
  REQUIRE(aircraft.list({{"val_shots", std::int64_t{4}}}).validation.size() == 3);
  REQUIRE_THROWS_WITH(
      listed_images(
          "lists", aircraft.folder,
          {{"classes", "variants.txt"}, {"train", "train.txt"}, {"test", "test.txt"}, {"val_shots", std::int64_t{1}}}),
      ContainsSubstring("set data.val"));
}

TEST_CASE("a line of a list that has another form is refused", "[dataset]") {
  const Aircraft aircraft;
  const auto refused = [&](const std::string& file, const std::string& text, const std::string& reason) {
    aircraft.folder.write(file, text);
    CAPTURE(text);
    REQUIRE_THROWS_AS(aircraft.list(), DataError);
    REQUIRE_THROWS_WITH(aircraft.list(), ContainsSubstring(reason));
  };
  refused("train.txt", "01\n", "train.txt:1: expected the name of an image, a space, and its class");
  refused("train.txt", "0034309 \n", "train.txt:1: expected the name of an image, a space, and its class");
  refused("train.txt", "01 An-12\n02 An-13\n", "train.txt:2: there is no class 'An-13'");
  refused("train.txt", "01 3\n",
          "train.txt:1: there is no class '3'; expected a name of variants.txt or a number from 0 to 2");
  refused("train.txt", "", "it has no images");
  refused("variants.txt", "a\na\n", "variants.txt:2: the class 'a' is listed twice");
  refused("variants.txt", "a\n\nb\n", "variants.txt:2: the line is empty");
  refused("variants.txt", "", "it has no classes");
}

TEST_CASE("a file gives class folders readable names", "[dataset]") {
  const TemporaryFolder folder;
  for (const char* image : {"train/n01/a.jpg", "train/n02/b.jpg", "test/n01/c.jpg"}) {
    std::filesystem::create_directories((folder / image).parent_path());
    folder.write(image, "");
  }
  folder.write("names.txt", "n02 crane\nn01 tiger shark\nn03 crane\n");
  const LayoutValues names = {{"class_names", "names.txt"}};
  const Dataset dataset = listed_images("folder", folder, names);
  REQUIRE(dataset.classes[0].name == "tiger shark");
  REQUIRE(dataset.classes[1].name == "crane");
  folder.write("names.txt", "n01 tiger shark\n");
  REQUIRE_THROWS_WITH(listed_images("folder", folder, names),
                      ContainsSubstring("there is no line for the class 'n02'"));
  folder.write("names.txt", "n01\n");
  REQUIRE_THROWS_WITH(listed_images("folder", folder, names),
                      ContainsSubstring("names.txt:1: expected the name of a class folder"));
}

TEST_CASE("equal names of classes are told apart", "[dataset]") {
  REQUIRE(distinct_class_names({{"n1", "crane", ""}, {"n2", "tench", ""}, {"n3", "crane", ""}}) ==
          std::vector<std::string>{"crane (n1)", "tench", "crane (n3)"});
}
