// Real photos in the contest's layout, with the small golden models, through the runner. The material lies beside the
// checkout on some machines only.
#include <set>
#include <sstream>

#include "support/catch.h"
#include "support/coop_files.h"
#include "support/files.h"
#include "support/process.h"
#include "support/shared.h"

using namespace tests;

namespace {

Outcome run_mini(const TemporaryFolder& folder, const std::vector<std::string>& settings) {
  std::vector<std::string> arguments = {(source_folder() / "shared/track1_mini.toml").string(),
                                        "--out",
                                        (folder / "runs").string(),
                                        "--store",
                                        (folder / "features").string(),
                                        "--json"};
  for (const std::string& setting : settings) {
    arguments.push_back("--set");
    arguments.push_back(setting);
  }
  return run_runner(arguments, {"TREFOIL_SHARED=" + shared_folder().string()});
}

void check_submission(const std::filesystem::path& file) {
  std::set<std::string> expected;
  for (const auto& entry : std::filesystem::directory_iterator(shared_folder() / "data/photos/track1_mini/TestSetB")) {
    expected.insert(entry.path().filename().string());
  }
  std::set<std::string> names;
  std::istringstream lines(read(file));
  std::size_t count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    std::istringstream words(line);
    std::string name;
    words >> name;
    names.insert(name);
    std::set<int> ids;
    int id = 0;
    std::size_t given = 0;
    for (; words >> id; ++given) ids.insert(id);
    REQUIRE(given == 5);
    REQUIRE(ids.size() == 5);
    REQUIRE(*ids.begin() >= 0);
    REQUIRE(*ids.rbegin() < 48);
  }
  REQUIRE(count == 480);
  REQUIRE(names == expected);
}

}  // namespace

TEST_CASE("Track 1's mini set runs from photos to the submission, with a ViT and a ResNet", "[photos]") {
  if (shared_folder_is_absent()) return;
  const TemporaryFolder folder;
  for (const char* weights : {"vit.pt", "rn.pt"}) {
    const std::string setting = "encoder.weights=" + (shared_folder() / "golden/clip" / weights).string();
    const Outcome cold = run_mini(folder, {setting, "selector.q=40", "data.views=2"});
    CAPTURE(weights, cold.err);
    REQUIRE(cold.exit_code == 0);
    check_submission(cold.json().at("submission").get<std::string>());
    REQUIRE(cold.json().at("metrics").contains("test.top1.Caltech-101"));
    const Outcome warm = run_mini(folder, {setting, "selector.q=40", "data.views=2"});
    REQUIRE_THAT(warm.err, !ContainsSubstring("logit scale"));  // the encoder was not even loaded
    REQUIRE(read(warm.json().at("submission").get<std::string>()) ==
            read(cold.json().at("submission").get<std::string>()));
  }
}

namespace {

struct ListedPhoto {
  std::string path;  // relative to the folder of the data set
  std::int64_t label;
};

std::vector<ListedPhoto> listed_photos(const std::filesystem::path& list) {
  std::vector<ListedPhoto> photos;
  std::istringstream lines(read(list));
  for (std::string line; std::getline(lines, line);) {
    const std::size_t space = line.rfind(' ');
    photos.push_back({line.substr(0, space), std::stoll(line.substr(space + 1))});
  }
  return photos;
}

std::vector<Datum> data_of(const std::vector<ListedPhoto>& photos, const std::string& folder) {
  std::vector<Datum> data;
  data.reserve(photos.size());
  for (const ListedPhoto& photo : photos)
    data.push_back({folder + photo.path, photo.label, "class_" + std::to_string(photo.label)});
  return data;
}

}  // namespace

TEST_CASE("the photos of Track 1's mini set run in CoOp's layout, with the support of a few-shot file", "[photos]") {
  if (shared_folder_is_absent()) return;
  const TemporaryFolder folder;
  const std::filesystem::path photos = shared_folder() / "data/photos/track1_mini";
  const std::vector<ListedPhoto> train = listed_photos(photos / "train.txt");
  folder.write("split.json",
               coop_split(data_of(train, ""), {}, data_of(listed_photos(photos / "labels_testB.txt"), "TestSetB/")));
  // One image of each class, as the code of CoOp would list them on another machine.
  std::vector<Datum> chosen;
  std::string expected;
  std::set<std::int64_t> seen;
  for (const ListedPhoto& photo : train) {
    if (!seen.insert(photo.label).second) continue;
    chosen.push_back({"/elsewhere/track1_mini/" + photo.path, photo.label, "class_" + std::to_string(photo.label)});
    expected += photo.path + " " + std::to_string(photo.label) + "\n";
  }
  folder.write("shot_1-seed_7.pkl", coop_pickle(4, chosen, {}));
  folder.write("coop.toml", "extends = \"" + (source_folder() / "shared/track1_mini.toml").string() +
                                "\"\nseed = 7\n[data]\nlayout = \"coop\"\nroot = \"" + photos.string() +
                                "\"\nsplit = \"" + (folder / "split.json").string() +
                                "\"\nshots = 1\nviews = 0\nfew_shot = \"" +
                                (folder / "shot_{shots}-seed_{seed}.pkl").string() + "\"\n");
  const auto summary = succeeded(run_runner({(folder / "coop.toml").string(), "--out", (folder / "runs").string(),
                                             "--store", (folder / "features").string(), "--json"},
                                            {"TREFOIL_SHARED=" + shared_folder().string()}));
  REQUIRE(read(std::filesystem::path(summary.at("run_dir").get<std::string>()) / "support.txt") == expected);
  REQUIRE(summary.at("metrics").contains("test.top1"));
  REQUIRE(seen.size() == chosen.size());
}
