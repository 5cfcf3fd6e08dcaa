// Experiments on images through the runner, with an encoder that is quick.
#include <algorithm>
#include <regex>
#include <set>
#include <sstream>

#include "support/catch.h"
#include "support/files.h"
#include "support/photos.h"
#include "support/process.h"

using namespace tests;

namespace {

constexpr std::size_t kTestImages = std::size_t{kPhotoClasses} * kTestPhotos;

// Runs experiment.toml of the folder, with runs and features in it too.
Outcome run_photos(const std::filesystem::path& folder, const std::vector<std::string>& settings = {},
                   const std::vector<std::string>& options = {}) {
  std::vector<std::string> arguments = {(folder / "experiment.toml").string(), "--out", (folder / "runs").string(),
                                        "--json"};
  if (std::find(options.begin(), options.end(), "--store") == options.end()) {
    arguments.insert(arguments.end(), {"--store", (folder / "features").string()});
  }
  for (const std::string& setting : settings) {
    arguments.push_back("--set");
    arguments.push_back(setting);
  }
  arguments.insert(arguments.end(), options.begin(), options.end());
  return run_runner(arguments, {"TREFOIL_PLUGIN_PATH=" + (bad_plugins_folder() / "good").string()});
}

std::vector<std::vector<std::string>> words_of(const std::string& text) {
  std::vector<std::vector<std::string>> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) {
    std::istringstream words(line);
    lines.emplace_back();
    for (std::string word; words >> word;) lines.back().push_back(word);
  }
  return lines;
}

std::string result_of(const Outcome& outcome) { return run_file(outcome.json(), "result.txt"); }

std::size_t shards_in(const std::filesystem::path& store) {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(store)) {
    count += entry.path().extension() == ".safetensors" ? 1 : 0;
  }
  return count;
}

// The photos of four classes as an experiment of layout folder. The test images are the training images.
void write_class_folders(const TemporaryFolder& folder) {
  write_photos(folder.path());
  for (const char* subset : {"Animal", "Food-101"}) {
    for (const auto& inner : std::filesystem::directory_iterator(folder / "TrainSet" / subset)) {
      for (const char* part : {"train", "test"}) {
        std::filesystem::create_directories(folder / part);
        std::filesystem::copy(inner.path(), folder / part / inner.path().filename());
      }
    }
  }
  folder.write("experiment.toml", R"([data]
layout = "folder"
[encoder]
plugin  = "example"
weights = "weights.bin"
[relation]
plugin = "tip"
alpha  = 100.0
)");
}

}  // namespace

TEST_CASE("photos become a submission, with metrics by subset and the support that was used", "[image_run]") {
  const TemporaryFolder folder;
  write_photos(folder.path());
  const Outcome outcome = run_photos(folder.path());
  CAPTURE(outcome.err);
  REQUIRE(outcome.exit_code == 0);
  const auto lines = words_of(result_of(outcome));
  REQUIRE(lines.size() == kTestImages);
  std::set<std::string> names;
  std::int64_t last = 0;
  for (const auto& line : lines) {
    REQUIRE(line.size() == 6);
    REQUIRE(std::set<std::string>(line.begin() + 1, line.end()).size() == 5);
    names.insert(line[0]);
    const std::int64_t number = std::stoll(line[0].substr(6));
    REQUIRE(number > last);  // natural order: image_9 before image_12
    last = number;
  }
  REQUIRE(names.size() == kTestImages);
  const auto metrics = outcome.json().at("metrics");
  REQUIRE(metrics.at("test.top1") == 100.0);
  REQUIRE(metrics.at("test.top1.Food-101") == 100.0);
  REQUIRE(metrics.contains("test.top5.Thu-dog"));
  REQUIRE(words_of(run_file(outcome.json(), "support.txt")).size() == std::size_t{kPhotoClasses} * kTrainPhotos);
  const auto provenance = nlohmann::json::parse(run_file(outcome.json(), "provenance.json"));
  REQUIRE(provenance.at("encoder").at("encoder") == "example");
  REQUIRE(provenance.at("plugins").size() == 2);  // no selector, no head
}

TEST_CASE("the report shows pictures of what was confused", "[image_run]") {
  const TemporaryFolder folder;
  write_photos(folder.path());
  const auto report = [&] { return run_file(run_photos(folder.path()).json(), "report.html"); };
  REQUIRE_THAT(report(), !ContainsSubstring("data:image"));  // everything was right
  std::string wrong;
  for (const auto& line : words_of(read(folder / "labels.txt")))
    wrong += line.at(0) + " " + std::to_string((std::stoi(line.at(1)) + 1) % kPhotoClasses) + "\n";
  folder.write("labels.txt", wrong);
  const std::string page = report();
  std::size_t pictures = 0;
  for (std::size_t at = page.find("data:image/jpeg;base64,/9j/"); at != std::string::npos;
       at = page.find("data:image", at + 1))
    ++pictures;
  REQUIRE(pictures ==
          std::size_t{kPhotoClasses} * (3 + 2));  // three that were confused, and two of what they were taken for
}

TEST_CASE("a second run encodes nothing and gives the same bytes", "[image_run]") {
  const TemporaryFolder folder;
  write_photos(folder.path());
  const Outcome cold = run_photos(folder.path(), {"data.views=3"});
  const Outcome warm = run_photos(folder.path(), {"data.views=3"}, {"--threads", "3"});
  REQUIRE_THAT(cold.err, ContainsSubstring("the example is loaded"));
  REQUIRE_THAT(warm.err, !ContainsSubstring("the example is loaded"));
  REQUIRE(result_of(cold) == result_of(warm));
  for (const char* change : {"data.views=4", "seed=6", "encoder.delay=1"}) {
    CAPTURE(change);
    REQUIRE_THAT(run_photos(folder.path(), {"data.views=3", change}).err, ContainsSubstring("the example is loaded"));
  }
  folder.write("weights.bin", "something else");
  REQUIRE_THAT(run_photos(folder.path(), {"data.views=3"}).err, ContainsSubstring("the example is loaded"));
}

TEST_CASE("jobs of a sweep run again when what the encoder reads has changed since", "[image_run]") {
  const TemporaryFolder folder;
  write_photos(folder.path());
  const std::filesystem::path sweep =
      folder.write("sweep.toml", "extends = \"experiment.toml\"\n[sweep.grid]\nseed = [1, 2]\n");
  const std::string command = "TREFOIL_PLUGIN_PATH=" + shell_word((bad_plugins_folder() / "good").string()) + " " +
                              shell_word(runner_program()) + " " + shell_word(sweep.string()) + " --store " +
                              shell_word((folder / "features").string()) + " --out " +
                              shell_word((folder / "runs").string());
  REQUIRE(run_shell(command).exit_code == 0);
  REQUIRE_THAT(run_shell(command).err, !ContainsSubstring("again: "));
  folder.write("weights.bin", "something else");
  const Outcome outcome = run_shell(command);
  REQUIRE(outcome.exit_code == 0);
  REQUIRE_THAT(outcome.err, ContainsSubstring("running 2 jobs again: encoder.weights has changed"));
}

TEST_CASE("the first interrupt of a sweep lets the running job finish, the second stops it", "[image_run]") {
  const TemporaryFolder folder;
  write_photos(folder.path());
  const auto sweep = folder.write("sweep.toml", "extends = \"experiment.toml\"\n[sweep.grid]\nseed = [1, 2]\n");
  // Encoding takes some seconds; the signals come while it runs. A shell starts background commands with SIGINT
  // ignored, and the runner leaves it so; SIGTERM has the same effect as Ctrl-C.
  const auto interrupted_sweep = [&](const std::string& name, const std::string& signals) {
    const std::string store = shell_word((folder / name / "store").string());
    return run_shell("TREFOIL_PLUGIN_PATH=" + shell_word((bad_plugins_folder() / "good").string()) + " " +
                     shell_word(runner_program()) + " " + shell_word(sweep.string()) +
                     " --set data.views=5 --set encoder.delay=400 --threads 1 --store " + store + " --out " +
                     shell_word((folder / name / "runs").string()) + " & pid=$!; for i in $(seq 600); do ls " + store +
                     "/*/*.safetensors > /dev/null 2>&1 && break; sleep 0.01; done; " + signals + " wait $pid");
  };
  const auto states = [&](const std::string& name) {
    std::multiset<std::string> all;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder / name / "runs")) {
      if (entry.path().filename() != "status.json") continue;
      all.insert(nlohmann::json::parse(read(entry.path())).at("state"));
      const std::string log = read(entry.path().parent_path() / "log.txt");
      REQUIRE(std::regex_search(log, std::regex("^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z info ")));
      REQUIRE(log.find("interrupted") == log.rfind("interrupted"));
    }
    return all;
  };

  const Outcome once = interrupted_sweep("once", "kill -TERM $pid;");
  CAPTURE(once.err);
  REQUIRE(once.exit_code == 130);
  REQUIRE_THAT(once.err, ContainsSubstring("finishing the running job; press Ctrl-C again to stop it now"));
  REQUIRE(states("once") == std::multiset<std::string>{"done"});

  const Outcome twice = interrupted_sweep("twice", "kill -TERM $pid; sleep 0.1; kill -TERM $pid;");
  CAPTURE(twice.err);
  REQUIRE(twice.exit_code == 130);
  REQUIRE(states("twice") == std::multiset<std::string>{"interrupted"});
}

TEST_CASE("the processes of a sweep end when the sweep is killed", "[image_run]") {
  const TemporaryFolder folder;
  write_photos(folder.path());
  const auto sweep = folder.write("sweep.toml", "extends = \"experiment.toml\"\n[sweep.grid]\nseed = [1, 2, 3, 4]\n");
  // A worker has the process id of the sweep as an argument. Each job encodes with its own seed.
  const std::string workers = "grep -lzxF -- \"$pid\" /proc/[0-9]*/cmdline 2> /dev/null";
  const Outcome outcome = run_shell(
      "TREFOIL_PLUGIN_PATH=" + shell_word((bad_plugins_folder() / "good").string()) + " " +
      shell_word(runner_program()) + " " + shell_word(sweep.string()) +
      " --jobs 2 --set data.views=5 --set encoder.delay=300 --store " + shell_word((folder / "store").string()) +
      " --out " + shell_word((folder / "runs").string()) + " & pid=$!; for i in $(seq 200); do " + workers +
      " > /dev/null && break; sleep 0.05; done; " + workers + " > /dev/null || exit 3; kill -KILL $pid; " +
      "for i in $(seq 600); do " + workers + " > /dev/null || exit 0; sleep 0.05; done; exit 4");
  REQUIRE(outcome.exit_code == 0);
}

TEST_CASE("a file name that is not UTF-8 does not fail a finished run", "[image_run]") {
  const TemporaryFolder folder;
  write_photos(folder.path());
  folder.write("TestSet/caf\xe9.jpg", "no image");
  const Outcome outcome = run_photos(folder.path(), {"data.on_bad_image=skip", "data.labels="});
  CAPTURE(outcome.err);
  REQUIRE(outcome.exit_code == 0);
  REQUIRE_THAT(run_file(outcome.json(), "summary.json"), ContainsSubstring("caf\uFFFD.jpg"));
}

TEST_CASE("names of images that are not UTF-8, long or odd are in every output of a run", "[image_run]") {
  const TemporaryFolder folder;
  write_photos(folder.path());
  const std::string longest = std::string(251, 'n') + ".jpg";
  const std::vector<std::string> names = {"caf\xe9.jpg", "-rf.jpg", "a b,\"c\".jpg", longest};
  for (const std::string& name : names) folder.write("TestSet/" + name, photo_bytes(".jpg", 64, 64, 0x808080, 1));
  std::filesystem::rename(folder / words_of(read(folder / "train.txt")).at(0).at(0),
                          folder / "TrainSet/Animal/Bear/-caf\xe9.jpg");
  const Outcome outcome = run_photos(folder.path(), {"data.train=", "data.labels="});
  CAPTURE(outcome.err);
  REQUIRE(outcome.exit_code == 0);
  const std::filesystem::path run = run_directory(outcome.json());
  for (const std::string& name : names) REQUIRE_THAT(result_of(outcome), ContainsSubstring(name + " "));
  REQUIRE_THAT(read(run / "predictions.csv"), ContainsSubstring("\"a b,\"\"c\"\".jpg\""));
  for (const char* file : {"summary.json", "report.html", "support.txt", "log.txt"})
    REQUIRE(std::filesystem::file_size(run / file) > 0);
  const Outcome again =
      run_photos(folder.path(), {"data.train=", "data.labels=", "data.support_list=" + (run / "support.txt").string()});
  CAPTURE(again.err);
  REQUIRE(result_of(again) == result_of(outcome));
}

TEST_CASE("images that are learnt and tested, or learnt as two classes, are warned of", "[image_run]") {
  const TemporaryFolder folder;
  write_photos(folder.path());
  REQUIRE_THAT(run_photos(folder.path()).err,
               !ContainsSubstring("same content") && !ContainsSubstring("training image too"));
  const std::string photo = read(folder / words_of(read(folder / "train.txt")).at(0).at(0));
  folder.write("TrainSet/Thu-dog/collie/1 again.jpg", photo);
  folder.write("TestSet/image_900.jpg", photo);
  const Outcome outcome = run_photos(folder.path(), {"data.train=", "data.labels="});
  REQUIRE(outcome.exit_code == 0);
  const std::string test = "1 test image, image_900.jpg, is a training image too";
  const std::string training =
      "1 training image, TrainSet/Thu-dog/collie/1 again.jpg, has the same content as a "
      "training image of another class";
  for (const std::string& text :
       {outcome.err, run_file(outcome.json(), "summary.json"), run_file(outcome.json(), "report.html")}) {
    REQUIRE_THAT(text, ContainsSubstring(test) && ContainsSubstring(training));
  }
}

TEST_CASE("threads and an interruption do not change a byte", "[image_run]") {
  const TemporaryFolder folder;
  write_photos(folder.path());
  const Outcome whole = run_photos(folder.path(), {"data.views=5", "encoder.delay=300"},
                                   {"--threads", "1", "--store", (folder / "other").string()});
  const std::string store = (folder / "features").string();
  const std::string command =
      "TREFOIL_PLUGIN_PATH=" + shell_word((bad_plugins_folder() / "good").string()) + " " +
      shell_word(runner_program()) + " " + shell_word((folder / "experiment.toml").string()) +
      " --set data.views=5 --set encoder.delay=300 --out " + shell_word((folder / "runs").string()) + " --store " +
      shell_word(store) + " & pid=$!; for i in $(seq 600); do ls " + shell_word(store) +
      "/*/*.safetensors > /dev/null 2>&1 && break; sleep 0.01; done; kill -TERM $pid; wait $pid";
  REQUIRE(run_shell(command).exit_code == 130);
  const std::size_t before = shards_in(store);
  REQUIRE(before >= 1);
  const Outcome resumed = run_photos(folder.path(), {"data.views=5", "encoder.delay=300"}, {"--threads", "3"});
  REQUIRE(resumed.exit_code == 0);
  REQUIRE(result_of(resumed) == result_of(whole));
}

TEST_CASE("two runners share a store", "[image_run]") {
  const TemporaryFolder folder;
  write_photos(folder.path());
  const std::string call = "TREFOIL_PLUGIN_PATH=" + shell_word((bad_plugins_folder() / "good").string()) + " " +
                           shell_word(runner_program()) + " " + shell_word((folder / "experiment.toml").string()) +
                           " --store " + shell_word((folder / "features").string()) + " --out ";
  const Outcome both = run_shell(call + shell_word((folder / "one").string()) + " & first=$!; " + call +
                                 shell_word((folder / "two").string()) + " && wait $first");
  CAPTURE(both.err);
  REQUIRE(both.exit_code == 0);
  REQUIRE(read(folder / "one/photos/latest/result.txt") == read(folder / "two/photos/latest/result.txt"));
}

TEST_CASE("a chosen support can be fed back", "[image_run]") {
  const TemporaryFolder folder;
  write_photos(folder.path());
  for (const char* choice : {"random", "herding", "diverse", "text"}) {
    const Outcome chosen = run_photos(folder.path(), {"data.shots=1", std::string("data.choose=") + choice});
    CAPTURE(choice, chosen.err);
    REQUIRE(chosen.exit_code == 0);
    const std::filesystem::path list = run_directory(chosen.json()) / "support.txt";
    REQUIRE(words_of(read(list)).size() == kPhotoClasses);
    const Outcome again = run_photos(folder.path(), {"data.support_list=" + list.string()});
    REQUIRE(result_of(again) == result_of(chosen));
    REQUIRE(run_file(again.json(), "support.txt") == read(list));
  }
  const auto foreign = folder.write("foreign.txt", "TrainSet/Animal/Bear/nowhere.jpg 0\n");
  REQUIRE_THAT(run_photos(folder.path(), {"data.support_list=" + foreign.string()}).err,
               ContainsSubstring("'TrainSet/Animal/Bear/nowhere.jpg' is not among the training images"));
}

TEST_CASE("without a train list the folder is scanned", "[image_run]") {
  const TemporaryFolder folder;
  write_photos(folder.path());
  const Outcome listed = run_photos(folder.path());
  const Outcome scanned = run_photos(folder.path(), {"data.train="});
  REQUIRE(result_of(scanned) == result_of(listed));
}

TEST_CASE("bad images are named before anything is encoded, or skipped with a line from the prior", "[image_run]") {
  const TemporaryFolder folder;
  write_photos(folder.path());
  const std::string jpeg = photo_bytes(".jpg", 64, 64, 0x808080, 1);
  folder.write("TestSet/cut short.jpg", jpeg.substr(0, jpeg.size() / 2));
  folder.write("TestSet/empty.jpg", "");
  folder.write("TestSet/text.jpg", "This is no picture.");
  folder.write("TestSet/größe.png", "\x89PNG\r\n\x1a\n");
  std::filesystem::create_symlink(folder / "nowhere.jpg", folder / "TestSet/link.jpg");
  folder.write("TestSet/one.png", photo_bytes(".png", 1, 1, 0x101010, 1));
  folder.write("TestSet/wide.png", photo_bytes(".png", 60000, 2, 0x101010, 1));
  const std::vector<std::string> bad = {"cut short.jpg", "empty.jpg", "text.jpg", "größe.png", "link.jpg"};

  const Outcome failed = run_photos(folder.path(), {"data.labels="});
  REQUIRE(failed.exit_code == 4);
  REQUIRE_THAT(failed.err, ContainsSubstring("cannot use 5 of 31 images"));
  REQUIRE(shards_in(folder / "features") == 1);  // of the texts; the training images are not encoded
  for (const std::string& name : bad) REQUIRE_THAT(failed.err, ContainsSubstring("TestSet/" + name + ": "));
  for (const char* good : {"one.png", "wide.png"}) REQUIRE_THAT(failed.err, !ContainsSubstring(good));

  const Outcome skipped = run_photos(folder.path(), {"data.labels=", "data.on_bad_image=skip"});
  CAPTURE(skipped.err);
  REQUIRE(skipped.exit_code == 0);
  REQUIRE_THAT(skipped.err, ContainsSubstring("skipped 5 of 31 images"));
  REQUIRE_THAT(skipped.err, ContainsSubstring("could not read 5 test images") && ContainsSubstring("class prior"));
  const std::string result = result_of(skipped);
  for (const std::string& name : bad) REQUIRE_THAT(result, ContainsSubstring(name + " 0 1 2 3 4\n"));
  REQUIRE(words_of(result).size() == kTestImages + 7);
}

TEST_CASE("an encoder that fails is to blame, not the images", "[image_run]") {
  const TemporaryFolder folder;
  write_photos(folder.path());
  const Outcome outcome = run_photos(folder.path(), {"encoder.fail=true"});
  REQUIRE(outcome.exit_code == 3);
  REQUIRE_THAT(outcome.err, ContainsSubstring("encoder/example") && ContainsSubstring("encode_images failed"));
}

TEST_CASE("files that are not there are named together, with what the experiment says about them", "[image_run]") {
  const TemporaryFolder folder;
  const std::string experiment = (source_folder() / "../experiments/track1.toml").string();
  const Outcome outcome = run_runner({experiment, "--out", (folder / "runs").string()},
                                     {"TRACK1=" + (folder / "photos").string(), "CLIP_WEIGHTS=/nowhere/ViT-B-32.pt",
                                      "CLIP_VOCABULARY=/nowhere/bpe.txt.gz"});
  REQUIRE(outcome.exit_code == 4);
  for (const char* words : {"data.root", "encoder.weights = /nowhere/ViT-B-32.pt", "encoder.vocabulary",
                            "runner experiments/quickstart.toml"}) {
    REQUIRE_THAT(outcome.err, ContainsSubstring(words));
  }
}

TEST_CASE("classes without a prompt are listed, and files of prompts replace templates", "[image_run]") {
  const TemporaryFolder folder;
  write_photos(folder.path());
  const Outcome without = run_photos(folder.path(), {"prompts.templates=[]"});
  REQUIRE(without.exit_code == 4);
  REQUIRE_THAT(without.err, ContainsSubstring("6 classes have no prompt: Animal_Bear, Animal_Polar_bear"));
  const auto file = folder.write(
      "prompts.json", R"({"Animal": ["a {} in the wild"], "food-101": "a plate of {}", "Thu-dog": {"shiba dog": "a dog",
                          "Collie": ["a sheep dog"]}, "Stanford-Cars": "a {} car"})");
  const Outcome with = run_photos(folder.path(), {"prompts.templates=[]", "prompts.files=[\"" + file.string() + "\"]"});
  CAPTURE(with.err);
  REQUIRE(with.exit_code == 0);
  REQUIRE_THAT(with.err, ContainsSubstring("1 key names no class: Stanford-Cars"));
}

TEST_CASE("class folders are a data set too", "[image_run]") {
  const TemporaryFolder folder;
  write_class_folders(folder);
  const Outcome outcome = run_photos(folder.path(), {"data.views=0"});
  CAPTURE(outcome.err);
  REQUIRE(outcome.exit_code == 0);
  REQUIRE(outcome.json().at("metrics").at("test.top1") == 100.0);
  REQUIRE_THAT(result_of(outcome), ContainsSubstring("Polar_bear/1."));
  REQUIRE_THAT(outcome.err, ContainsSubstring("12 test images, for example Bear/1.") &&
                                ContainsSubstring(" are training images too, so the accuracy is too good"));
}

TEST_CASE("a skipped image whose name is not UTF-8 costs no output of the run", "[image_run]") {
  const TemporaryFolder folder;
  write_class_folders(folder);
  folder.write("test/Bear/caf\xe9.png", "not a picture");
  folder.write("test/Bear/th\xe9.jpg", photo_bytes(".jpg", 64, 64, 0x808080, 1));
  const Outcome outcome = run_photos(folder.path(), {"data.on_bad_image=skip"});
  CAPTURE(outcome.err);
  REQUIRE(outcome.exit_code == 0);
  for (const char* file : {"summary.json", "report.html", "metrics.jsonl", "confusion.csv", "predictions.csv",
                           "support.txt", "log.txt", "model.safetensors"}) {
    CAPTURE(file);
    REQUIRE(std::filesystem::file_size(run_directory(outcome.json()) / file) > 0);
  }
  REQUIRE_THAT(result_of(outcome), ContainsSubstring("Bear/caf\xe9.png ") && ContainsSubstring("Bear/th\xe9.jpg "));
}
