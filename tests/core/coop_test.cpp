// The layout coop: splits and few-shot files of CoOp.
#include <algorithm>
#include <map>
#include <set>

#include "base/errors.h"
#include "data/layout.h"
#include "support/catch.h"
#include "support/coop_files.h"
#include "support/files.h"
#include "support/image_lists.h"
#include "support/layouts.h"
#include "support/torch_files.h"

using namespace tests;
using namespace trefoil::data;
using trefoil::DataError;

namespace {

using CoopLines = std::vector<std::string>;
using CoopParameters = std::map<std::string, trefoil::ParameterValue>;

const std::vector<Datum> kTrain = {{"cat/1.jpg", 0, "tabby_cat"},
                                   {"dog/1.jpg", 1, "dog"},
                                   {"cat/2.jpg", 0, "tabby_cat"},
                                   {"dog/2.jpg", 1, "dog"},
                                   {"cat/3.jpg", 0, "tabby_cat"}};
const std::vector<Datum> kVal = {{"cat/4.jpg", 0, "tabby_cat"}, {"dog/4.jpg", 1, "dog"}, {"dog/5.jpg", 1, "dog"}};
const std::vector<Datum> kTest = {{"dog/9.jpg", 1, "dog"}, {"cat/9.jpg", 0, "tabby_cat"}};

// The folder of images on the machine of the person who wrote the few-shot files.
const std::string kOther = "/home/someone/data/pets/pictures/";

struct CoopFolder {
  CoopFolder() { folder.write("split.json", coop_split(kTrain, kVal, kTest)); }

  Dataset list(CoopParameters overrides = {}, std::uint64_t seed = 1) const {
    overrides.insert({{"root", folder.path().string()}, {"split", "split.json"}, {"images", "pictures"}});
    return find_layout("coop")->list(layout_parameters("coop", overrides), seed);
  }

  Dataset list_shots(const std::string& pickle) const {
    folder.write("shots.pkl", pickle);
    return list({{"few_shot", "shots.pkl"}});
  }

  void require_refused_split(const std::string& json, const std::string& reason) const {
    CAPTURE(json);
    folder.write("split.json", json);
    REQUIRE_THROWS_AS(list(), DataError);
    REQUIRE_THROWS_WITH(list(), ContainsSubstring((folder / "split.json").string() + ": " + reason));
  }

  void require_refused_shots(const std::string& pickle, const std::string& reason) const {
    REQUIRE_THROWS_AS(list_shots(pickle), DataError);
    REQUIRE_THROWS_WITH(list_shots(pickle), ContainsSubstring((folder / "shots.pkl").string() + ": " + reason));
  }

  TemporaryFolder folder;
};

// A split with this entry as the second one of its training images.
std::string split_with(const std::string& entry) {
  return R"({"train": [["a.jpg", 0, "cat"], )" + entry + R"(], "test": [["b.jpg", 0, "cat"]]})";
}

std::string train_of(const std::string& list) { return pickle::whole(pickle::dictionary({{"train", list}})); }

}  // namespace

TEST_CASE("coop reads classes, training images and test images of a split", "[coop]") {
  const CoopFolder coop;
  const Dataset dataset = coop.list();
  REQUIRE(dataset.classes.size() == 2);
  REQUIRE(dataset.classes[0].full_name == "tabby_cat");
  REQUIRE(dataset.classes[0].name == "tabby cat");
  REQUIRE(lines_of(dataset.train) ==
          CoopLines{"cat/1.jpg 0", "dog/1.jpg 1", "cat/2.jpg 0", "dog/2.jpg 1", "cat/3.jpg 0"});
  REQUIRE(lines_of(dataset.test) == CoopLines{"dog/9.jpg 1", "cat/9.jpg 0"});
  REQUIRE(dataset.test_folder == coop.folder / "pictures");
  REQUIRE(dataset.train.at(0).file == coop.folder / "pictures/cat/1.jpg");
  REQUIRE(dataset.validation.empty());
  REQUIRE_FALSE(dataset.train_is_support);
  REQUIRE(dataset.files == std::vector<std::filesystem::path>{coop.folder / "split.json"});
}

TEST_CASE("coop does without val, and ignores other keys of a split", "[coop]") {
  const CoopFolder coop;
  coop.folder.write("split.json", R"({"train": [], "test": [["b.jpg", 0, "cat"]], "note": {"train": 7}})");
  REQUIRE(lines_of(coop.list().test) == CoopLines{"b.jpg 0"});
  REQUIRE_THROWS_WITH(coop.list({{"val_shots", std::int64_t{1}}}), ContainsSubstring("there are no images in \"val\""));
}

TEST_CASE("coop takes the first validation images of each class, or random ones", "[coop]") {
  const CoopFolder coop;
  REQUIRE(lines_of(coop.list({{"val_shots", std::int64_t{1}}}).validation) == CoopLines{"cat/4.jpg 0", "dog/4.jpg 1"});
  REQUIRE(lines_of(coop.list({{"val_shots", std::int64_t{9}}}).validation) ==
          lines_of(coop.list({{"val_shots", std::int64_t{2}}}).validation));
  std::set<CoopLines> drawn;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    drawn.insert(lines_of(coop.list({{"val_shots", std::int64_t{1}}, {"choose", "random"}}, seed).validation));
  }
  REQUIRE(drawn == std::set<CoopLines>{{"cat/4.jpg 0", "dog/4.jpg 1"}, {"cat/4.jpg 0", "dog/5.jpg 1"}});
}

TEST_CASE("a split with an entry of another form is refused, with its number", "[coop]") {
  const CoopFolder coop;
  for (const char* entry :
       {R"(["b.jpg", 0])", R"(["b.jpg", "0", "cat"])", R"(["b.jpg", 0.0, "cat"])", R"([7, 0, "cat"])",
        R"(["b.jpg", 0, null])", R"({"b.jpg": 0})", R"("b.jpg")", R"(["b.jpg", true, "cat"])",
        R"(["b.jpg", 99999999999999999999, "cat"])", R"(["b.jpg", 0, "cat", 1])"}) {
    coop.require_refused_split(split_with(entry), "entry 2 of \"train\": expected [\"path\", label, \"class name\"]");
  }
  for (const char* path : {"../b.jpg", "/b.jpg", "a/../../b.jpg", "..", "a/", "a/..", "."}) {
    coop.require_refused_split(split_with("[\"" + std::string(path) + "\", 0, \"cat\"]"),
                               "entry 2 of \"train\": its path '" + std::string(path) + "' is not inside the folder");
  }
  coop.require_refused_split(split_with(R"(["", 0, "cat"])"), "entry 2 of \"train\": its path is empty");
  coop.require_refused_split(split_with(R"(["a\nb.jpg", 0, "cat"])"),
                             "entry 2 of \"train\": its path is empty, or has a");
  coop.require_refused_split(split_with(R"(["b.jpg", 0, ""])"), "entry 2 of \"train\": its class name is empty");
  for (const char* label : {"-1", "1000000", "18446744073709551615", "-9223372036854775808"}) {
    coop.require_refused_split(split_with("[\"b.jpg\", " + std::string(label) + ", \"dog\"]"),
                               "entry 2 of \"train\": its label is " + std::string(label) + "; expected");
  }
}

TEST_CASE("a label with two names is refused, and so are gaps between the labels", "[coop]") {
  const CoopFolder coop;
  coop.require_refused_split(
      split_with(R"(["b.jpg", 0, "dog"])"),
      "entry 2 of \"train\": the label 0 has the name 'dog', but in entry 1 of \"train\" it has the "
      "name 'cat'");
  coop.require_refused_split(split_with(R"(["b.jpg", 2, "dog"])"),
                             "the labels must be 0 to C − 1 without gaps, but no image has the label 1");
  coop.require_refused_split(split_with(R"(["b.jpg", 4, "dog"])"),
                             "the labels must be 0 to C − 1 without gaps, but no "
                             "image has the labels 1, 2 and 3");
  coop.require_refused_split(split_with(R"(["b.jpg", 999999, "dog"])"), "the labels must be 0 to C − 1");
}

TEST_CASE("a split that is no object with lists is refused", "[coop]") {
  const CoopFolder coop;
  coop.require_refused_split("[1]", "expected an object");
  coop.require_refused_split("{\"train\": [", "it is not JSON");
  coop.require_refused_split(R"({"train": [["a.jpg", 1e999, "cat"]], "test": []})", "it is not JSON");
  coop.require_refused_split(std::string(100, '['), "it is nested too deep");
  coop.require_refused_split(R"({"train": [], "val": []})", "it has no list \"test\"");
  coop.require_refused_split(R"({"train": [], "test": {}})", "it has no list \"test\"");
  coop.require_refused_split(R"({"train": [], "test": []})", "it has no images");
  coop.require_refused_split(R"({"train": [["a.jpg", 0, "cat"]], "test": []})", "there are no images in \"test\"");
  coop.require_refused_split(R"({"train": [], "test": [], "train": []})", "it has the key \"train\" twice");
}

TEST_CASE("a few-shot file of any protocol is the support, wherever it was written", "[coop]") {
  const CoopFolder coop;
  for (int protocol = 2; protocol <= 5; ++protocol) {
    for (const std::string& before :
         {kOther, std::string("pictures/"), std::string(), (coop.folder / "pictures/").string()}) {
      for (const char* module : {kDasslModule, "datasets.utils"}) {
        CAPTURE(protocol, before, module);
        const Dataset dataset = coop.list_shots(
            coop_pickle(protocol, {{before + "cat/3.jpg", 0, "tabby_cat"}, {before + "dog/1.jpg", 1, "dog"}},
                        {{before + "dog/5.jpg", 1, "dog"}}, module));
        REQUIRE(lines_of(dataset.train) == CoopLines{"cat/3.jpg 0", "dog/1.jpg 1"});
        REQUIRE(dataset.train_is_support);
        REQUIRE(dataset.train.at(0).file == coop.folder / "pictures/cat/3.jpg");
        REQUIRE(lines_of(dataset.validation) == CoopLines{"dog/5.jpg 1"});
        REQUIRE(dataset.test.size() == kTest.size());
        REQUIRE(dataset.files.back() == coop.folder / "shots.pkl");
      }
    }
  }
}

TEST_CASE("a few-shot file is found by its number of shots and its seed", "[coop]") {
  const CoopFolder coop;
  const CoopParameters parameters = {{"few_shot", "few/shot_{shots}-seed_{seed}.pkl"}, {"shots", std::int64_t{1}}};
  coop.folder.write("few/shot_1-seed_2.pkl", coop_pickle(4, {{"cat/2.jpg", 0, "tabby_cat"}}, {}));
  REQUIRE(lines_of(coop.list(parameters, 2).train) == CoopLines{"cat/2.jpg 0"});
  REQUIRE_THROWS_WITH(coop.list(parameters, 3), ContainsSubstring("shot_1-seed_3.pkl"));
  CoopParameters wrong = parameters;
  wrong["shots"] = std::int64_t{0};
  REQUIRE_THROWS_WITH(coop.list(wrong, 2), ContainsSubstring("set data.shots"));
  for (const auto& [key, value] : CoopParameters{{"val_shots", std::int64_t{1}}, {"support_list", "support.txt"}}) {
    wrong = parameters;
    wrong[key] = value;
    REQUIRE_THROWS_WITH(coop.list(wrong, 2), ContainsSubstring("remove data.support_list and data.val_shots"));
  }
}

TEST_CASE("images of a few-shot file that are not those of the split are refused, with the number", "[coop]") {
  const CoopFolder coop;
  const Datum good = {kOther + "cat/1.jpg", 0, "tabby_cat"};
  const auto refused = [&](const Datum& second, const std::string& reason) {
    coop.require_refused_shots(coop_pickle(4, {good, second}, {}), "entry 2 of \"train\": " + reason);
  };
  refused({kOther + "cat/77.jpg", 0, "tabby_cat"}, "'" + kOther + "cat/77.jpg' is not an image of this part");
  refused({kOther + "tomcat/1.jpg.jpg", 0, "tabby_cat"}, "'" + kOther + "tomcat/1.jpg.jpg' is not an image");
  refused({kOther + "tomcat/1.jpg", 0, "tabby_cat"}, "'" + kOther + "tomcat/1.jpg' is not an image");
  refused({kOther + "cat/9.jpg", 0, "tabby_cat"}, "'" + kOther + "cat/9.jpg' is not an image");  // of "test"
  refused({"", 0, "tabby_cat"}, "'' is not an image");
  refused({kOther + "dog/1.jpg", 0, "dog"}, "'dog/1.jpg' has the label 0, but in the split it has the label 1");
  refused({kOther + "dog/1.jpg", 1, "cat"}, "'dog/1.jpg' has the class 'cat', but in the split it has the class 'dog'");
  refused({"/elsewhere/cat/1.jpg", 0, "tabby_cat"}, "the image 'cat/1.jpg' is listed twice");
  refused({std::string(5000, '/') + "cat/2.jpg", 0, "tabby_cat"}, "expected a Datum");
  coop.require_refused_shots(coop_pickle(2, {good}, {good}), "entry 1 of \"val\": '" + good.path + "' is not an image");
}

TEST_CASE("a path that may be two images of the split counts as the one in the folder of images", "[coop]") {
  const CoopFolder coop;
  coop.folder.write("split.json",
                    coop_split({{"1.jpg", 0, "cat"}, {"cat/1.jpg", 0, "cat"}}, {}, {{"9.jpg", 0, "cat"}}));
  const auto found = [&](const std::string& path) {
    return lines_of(coop.list_shots(coop_pickle(4, {{path, 0, "cat"}}, {})).train);
  };
  REQUIRE(found("/data/pictures/cat/1.jpg") == CoopLines{"cat/1.jpg 0"});
  REQUIRE(found("/data/pictures/1.jpg") == CoopLines{"1.jpg 0"});
  REQUIRE_THROWS_WITH(found("/data/cat/1.jpg"),
                      ContainsSubstring("entry 1 of \"train\": '/data/cat/1.jpg' may be the image "
                                        "'cat/1.jpg' or '1.jpg' of the split"));
}

TEST_CASE("a few-shot file that imports anything else is refused by name, and runs nothing", "[coop]") {
  const CoopFolder coop;
  coop.require_refused_shots(
      coop_pickle(4, {{"cat/1.jpg", 0, "tabby_cat"}}, {}, "other.module"),
      "it asks Python to import 'other.module.Datum', which is not part of CoOp's few-shot files");
  const std::filesystem::path marker = coop.folder / "ran";
  const std::string call =
      pickle::call(pickle::global("posix", "system"), pickle::tuple({pickle::text("touch " + marker.string())}));
  coop.require_refused_shots(train_of("](" + call + "e"), "it asks Python to import 'posix.system'");
  REQUIRE_FALSE(std::filesystem::exists(marker));
}

TEST_CASE("a few-shot file that is cut short anywhere is refused", "[coop]") {
  const CoopFolder coop;
  for (const int protocol : {2, 4}) {
    const std::string whole = coop_pickle(protocol, {{"cat/1.jpg", 0, "tabby_cat"}}, {{"dog/4.jpg", 1, "dog"}});
    REQUIRE(coop.list_shots(whole).train.size() == 1);
    for (std::size_t length = 0; length < whole.size(); ++length) {
      coop.require_refused_shots(whole.substr(0, length), "its pickle is damaged or cut short");
    }
  }
}

TEST_CASE("a few-shot file of another form is refused", "[coop]") {
  const CoopFolder coop;
  const std::string datum = pickle::global(kDasslModule, "Datum") + ")\x81";
  coop.require_refused_shots(pickle::whole(pickle::integer(7)), "expected a pickle of {\"train\"");
  coop.require_refused_shots(pickle::whole(pickle::dictionary({{"val", "]"}})), "expected a pickle of {\"train\"");
  coop.require_refused_shots(train_of("}"), "\"train\" is not a list");
  for (const std::string& entry : {pickle::integer(7), datum, datum + "}b", datum + "Nb", pickle::text("cat/1.jpg"),
                                   datum +
                                       pickle::dictionary({{"_impath", pickle::integer(3)},
                                                           {"_label", pickle::integer(0)},
                                                           {"_classname", pickle::text("cat")}}) +
                                       "b"}) {
    coop.require_refused_shots(train_of("](" + entry + "e"), "entry 1 of \"train\": expected a Datum");
  }
}

TEST_CASE("deep and long few-shot files end in an error", "[coop]") {
  const CoopFolder coop;
  coop.require_refused_shots(train_of("N" + std::string(500'000, '\x85')), "entry 1 of \"train\": expected a Datum");
  coop.require_refused_shots(train_of("N" + std::string(1'000'000, '\x85')),
                             "its pickle has more than 1,000,000 values");
  std::string growing = "]";  // each list holds the one before it twice, so that it stands for 2^60 values
  for (int i = 0; i < 60; ++i) growing = growing + "2\x86";
  coop.require_refused_shots(train_of(growing), "entry 1 of \"train\": expected a Datum");
  std::string repeated = coop_pickle(2, {{"cat/1.jpg", 0, "tabby_cat"}}, {});
  const std::size_t end = repeated.find("ube");
  repeated.insert(end + 2, std::string(1'000'000, '2'));  // the same object a million times
  coop.require_refused_shots(repeated, "entry 2 of \"train\": the image 'cat/1.jpg' is listed twice");
}
