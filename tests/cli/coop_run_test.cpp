// Experiments on data sets in the layout of CoOp, through the runner, with an encoder that is quick.
#include <array>
#include <set>

#include "support/catch.h"
#include "support/coop_files.h"
#include "support/files.h"
#include "support/photos.h"
#include "support/process.h"

using namespace tests;

namespace {

constexpr std::array<const char*, 3> kPets = {"cat", "guinea_pig", "dog"};
constexpr std::array<std::uint32_t, 3> kPetColours = {0xC02020, 0x20C020, 0x2020C0};

// "cat/7.png" as an image of the split.
Datum pet(std::size_t label, int number) {
  return {std::string(kPets[label]) + "/" + std::to_string(number) + ".png", static_cast<std::int64_t>(label),
          kPets[label]};
}

// Returns the image pet(label, number) with a path of another machine.
Datum foreign_pet(std::size_t label, int number) {
  Datum image = pet(label, number);
  image.path = "/home/someone/data/pets/photos/" + image.path;
  return image;
}

// Three classes: the images 1 to 4 for training, 5 and 6 for validation, 7 and 8 for the test.
class Pets {
 public:
  Pets() {
    std::vector<Datum> train;
    std::vector<Datum> val;
    std::vector<Datum> test;
    std::uint32_t seed = 1;
    for (std::size_t label = 0; label < kPets.size(); ++label) {
      for (int number = 1; number <= 8; ++number, ++seed) {
        (number <= 4 ? train : number <= 6 ? val : test).push_back(pet(label, number));
        folder_.write("photos/" + pet(label, number).path,
                      photo_bytes(".png", 40, 30 + number, kPetColours[label], seed));
      }
    }
    folder_.write("split.json", coop_split(train, val, test));
    folder_.write("weights.bin", "nothing");
    folder_.write("experiment.toml", R"(name = "pets"
[data]
layout   = "coop"
split    = "split.json"
images   = "photos"
shots    = 2
views    = 0
[encoder]
plugin  = "example"
weights = "weights.bin"
[relation]
plugin = "tip"
)");
  }

  Outcome run(const std::vector<std::string>& settings) const {
    std::vector<std::string> arguments = {
        (folder_ / "experiment.toml").string(), "--out", (folder_ / "runs").string(), "--store",
        (folder_ / "features").string(),        "--json"};
    for (const std::string& setting : settings) arguments.insert(arguments.end(), {"--set", setting});
    return run_runner(arguments, {"TREFOIL_PLUGIN_PATH=" + (bad_plugins_folder() / "good").string()});
  }

  // support.txt of a run.
  std::string support(const std::vector<std::string>& settings) const {
    return run_file(succeeded(run(settings)), "support.txt");
  }

  const TemporaryFolder& folder() const { return folder_; }

 private:
  TemporaryFolder folder_;
};

}  // namespace

TEST_CASE("the support of a run is exactly what CoOp's few-shot file says", "[coop_run]") {
  const Pets pets;
  pets.folder().write("few/shot_2-seed_1.pkl",
                      coop_pickle(4, {foreign_pet(0, 4), foreign_pet(0, 2), foreign_pet(1, 1), foreign_pet(2, 3)},
                                  {foreign_pet(0, 6), foreign_pet(1, 5), foreign_pet(2, 5)}));
  pets.folder().write("few/shot_2-seed_2.pkl", coop_pickle(2, {foreign_pet(0, 1), foreign_pet(1, 3)}, {}));
  const std::string few_shot = "data.few_shot=few/shot_{shots}-seed_{seed}.pkl";
  const auto json = succeeded(pets.run({few_shot, "seed=1", "search.objective=val"}));
  REQUIRE(run_file(json, "support.txt") == "cat/4.png 0\ncat/2.png 0\nguinea_pig/1.png 1\ndog/3.png 2\n");
  REQUIRE_THAT(run_file(json, "log.txt"), ContainsSubstring(" on the validation split (3 images)"));
  REQUIRE(json.at("metrics").at("test.top1") == 100.0);
  const auto provenance = nlohmann::json::parse(run_file(json, "provenance.json"));
  REQUIRE_THAT(provenance.dump(), ContainsSubstring("shot_2-seed_1.pkl"));
  REQUIRE(pets.support({few_shot, "seed=2"}) == "cat/1.png 0\nguinea_pig/3.png 1\n");
}

TEST_CASE("without a few-shot file, the seed draws the support and the validation images", "[coop_run]") {
  const Pets pets;
  REQUIRE(pets.support({}) ==
          "cat/1.png 0\ncat/2.png 0\nguinea_pig/1.png 1\nguinea_pig/2.png 1\ndog/1.png 2\ndog/2.png 2\n");
  std::set<std::string> drawn;
  for (const char* seed : {"1", "2", "3"})
    drawn.insert(pets.support({"data.choose=random", "seed=" + std::string(seed)}));
  REQUIRE(drawn.size() == 3);
  REQUIRE(drawn.count(pets.support({"data.choose=random", "seed=2", "data.val_shots=1", "search.objective=val"})) == 1);
  REQUIRE_THAT(pets.run({"search.objective=val"}).err, ContainsSubstring("in layout \"coop\", data.val_shots"));
}

TEST_CASE("a validation image that cannot be read is an error, or is left out", "[coop_run]") {
  const Pets pets;
  pets.folder().write("photos/dog/5.png", "no image");
  const std::vector<std::string> settings = {"data.val_shots=1", "search.objective=val"};
  const Outcome refused = pets.run(settings);
  REQUIRE(refused.exit_code == 4);
  REQUIRE_THAT(refused.err, ContainsSubstring("dog/5.png"));
  const Outcome skipped = pets.run({settings[0], settings[1], "data.on_bad_image=skip"});
  REQUIRE_THAT(run_file(succeeded(skipped), "log.txt"), ContainsSubstring(" on the validation split (2 images)"));
  REQUIRE_THAT(skipped.err, ContainsSubstring("dog/5.png"));
}

TEST_CASE("a few-shot file that imports something else ends the run as wrong data", "[coop_run]") {
  const Pets pets;
  pets.folder().write("shots.pkl", coop_pickle(4, {foreign_pet(0, 1)}, {}, "os.path"));
  const Outcome outcome = pets.run({"data.few_shot=shots.pkl"});
  REQUIRE(outcome.exit_code == 4);
  REQUIRE_THAT(outcome.err, ContainsSubstring("shots.pkl: it asks Python to import 'os.path.Datum'"));
}
