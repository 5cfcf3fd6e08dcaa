// `runner predict` on images, with an encoder that is quick.
#include "support/catch.h"
#include "support/files.h"
#include "support/photos.h"
#include "support/process.h"

using namespace tests;

namespace {

// A run on photos.
class PhotoRun {
 public:
  explicit PhotoRun(const std::vector<std::string>& settings = {}) {
    write_photos(folder_.path());
    folder_.write("other.bin", "something else");
    start(settings);
  }

  void start(const std::vector<std::string>& settings) {
    std::vector<std::string> arguments = {(folder_ / "experiment.toml").string(), "--out", (folder_ / "runs").string(),
                                          "--json"};
    for (const std::string& setting : settings) arguments.insert(arguments.end(), {"--set", setting});
    const Outcome outcome = call(arguments);
    CAPTURE(outcome.err);
    REQUIRE(outcome.exit_code == 0);
    run_ = run_directory(outcome.json());
  }

  Outcome predict(const std::vector<std::string>& more = {}, const std::string& images = "TestSet") const {
    std::vector<std::string> arguments = {
        "predict", "--model", run_.string(), "--images", (folder_ / images).string(), "--out", out().string()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return call(arguments);
  }

  void use_plugins(const std::filesystem::path& folder) { plugins_ = folder; }

  std::string result_of_run() const { return read(run_ / "result.txt"); }
  std::filesystem::path out() const { return folder_ / "result.txt"; }
  const TemporaryFolder& folder() const { return folder_; }

 private:
  Outcome call(std::vector<std::string> arguments) const {
    arguments.insert(arguments.end(), {"--store", (folder_ / "features").string()});
    return run_runner(arguments, {"TREFOIL_PLUGIN_PATH=" + plugins_.string()});
  }

  TemporaryFolder folder_;
  std::filesystem::path plugins_ = bad_plugins_folder() / "good";
  std::filesystem::path run_;
};

}  // namespace

TEST_CASE("images are classified as the run did, to the byte, with and without its features", "[predict]") {
  const PhotoRun run({"data.views=3"});
  const std::string labels = (run.folder() / "labels.txt").string();
  const Outcome warm = run.predict({"--labels", labels, "--json"});
  CAPTURE(warm.err);
  REQUIRE(warm.exit_code == 0);
  REQUIRE(read(run.out()) == run.result_of_run());
  REQUIRE(warm.json().at("metrics").at("test.top1") == 100.0);
  REQUIRE(warm.json().at("metrics").contains("test.top1.Food-101"));
  REQUIRE_THAT(warm.err, !ContainsSubstring("the example is loaded"));

  std::filesystem::remove_all(run.folder() / "features");
  const Outcome cold = run.predict({"--threads", "2"}, "TestSet/");
  REQUIRE_THAT(cold.err, ContainsSubstring("the example is loaded"));
  REQUIRE(read(run.out()) == run.result_of_run());
}

TEST_CASE("a model with an adapter is adapted to the images, without those that cannot be read", "[predict]") {
  for (const char* adapter : {"graph", "balanced", "transclip"}) {
    PhotoRun run;
    run.folder().write("TestSet/broken.jpg", "no image");
    run.start({std::string("adapter.plugin=") + adapter, "data.labels=", "data.on_bad_image=skip"});
    const Outcome outcome = run.predict({"--on-bad-image", "skip", "--json"});
    CAPTURE(adapter, outcome.err);
    REQUIRE(outcome.exit_code == 0);
    REQUIRE(read(run.out()) == run.result_of_run());
    REQUIRE_THAT(run.result_of_run(), ContainsSubstring("broken.jpg "));
    REQUIRE(outcome.json().at("adapter").at("plugin") == adapter);
    const std::string readable = std::to_string(outcome.json().at("queries").get<int>() - 1);
    REQUIRE(outcome.json().at("adapter").at("transductive") ==
            "predictions depend on all " + readable + " test images together");
  }
}

TEST_CASE("only the encoder that the model was made with may serve it", "[predict]") {
  const PhotoRun run;
  std::filesystem::rename(run.folder() / "weights.bin", run.folder() / "moved.bin");
  const Outcome lost = run.predict();
  REQUIRE(lost.exit_code == 4);
  REQUIRE_THAT(lost.err,
               ContainsSubstring("weights.bin: there is no such file") && ContainsSubstring("--set weights=PATH"));
  const Outcome found = run.predict({"--set", "weights=" + (run.folder() / "moved.bin").string()});
  CAPTURE(found.err);
  REQUIRE(found.exit_code == 0);
  REQUIRE(read(run.out()) == run.result_of_run());
  std::filesystem::remove(run.out());

  const Outcome other = run.predict({"--set", "weights=" + (run.folder() / "other.bin").string()});
  REQUIRE(other.exit_code == 4);
  REQUIRE_THAT(other.err, ContainsSubstring("not the one that the model was made with") &&
                              ContainsSubstring("weights: expected \"") && ContainsSubstring(", found \""));
  const Outcome slower = run.predict({"--set", "weights=" + (run.folder() / "moved.bin").string(), "--set", "delay=1"});
  REQUIRE(slower.exit_code == 4);
  REQUIRE_THAT(slower.err, ContainsSubstring("delay: expected 0, found 1"));
  REQUIRE(run.predict({"--set", "wieghts=x"}).exit_code == 2);
  REQUIRE_FALSE(std::filesystem::exists(run.out()));
}

TEST_CASE("an encoder from another build of its library serves, with a warning", "[predict]") {
  PhotoRun run;
  const std::filesystem::path library = run.folder() / "plugins/example.so";
  std::filesystem::create_directory(run.folder() / "plugins");
  std::filesystem::copy(bad_plugins_folder() / "good/example_encoder.so", library);
  run.folder().write("plugins/example.so", read(library) + "\n");
  run.use_plugins(library.parent_path());
  const Outcome outcome = run.predict();
  CAPTURE(outcome.err);
  REQUIRE(outcome.exit_code == 0);
  REQUIRE(read(run.out()) == run.result_of_run());
  REQUIRE_THAT(outcome.err,
               ContainsSubstring("the encoder differs slightly from the one that the model was made with") &&
                   ContainsSubstring("library: expected \""));
  run.use_plugins("/nowhere");
  REQUIRE(run.predict().exit_code == 3);
}

TEST_CASE("a model never says in which folders plugins are looked for", "[predict]") {
  PhotoRun run;
  run.use_plugins("/nowhere");
  const std::string folder = (bad_plugins_folder() / "good").string();
  run.start({"plugin_path=[\"" + folder + "\"]"});
  const Outcome outcome = run.predict();
  REQUIRE(outcome.exit_code == 3);
  REQUIRE_THAT(outcome.err, !ContainsSubstring(folder) && ContainsSubstring("--plugin-path"));
  REQUIRE_FALSE(std::filesystem::exists(run.out()));
  REQUIRE(run.predict({"--plugin-path", folder}).exit_code == 0);
  REQUIRE(read(run.out()) == run.result_of_run());
}

TEST_CASE("images that cannot be read stop it, or get the prior's line as in the run", "[predict]") {
  const PhotoRun run;
  run.folder().write("TestSet/text.jpg", "This is no picture.");
  const Outcome failed = run.predict();
  REQUIRE(failed.exit_code == 4);
  REQUIRE_THAT(failed.err, ContainsSubstring("TestSet/text.jpg: "));
  REQUIRE_FALSE(std::filesystem::exists(run.out()));

  PhotoRun skipping({"data.shots=2"});
  skipping.folder().write("TestSet/text.jpg", "This is no picture.");
  skipping.start({"data.labels=", "data.on_bad_image=skip"});
  const Outcome skipped = skipping.predict({"--on-bad-image", "skip", "--json"});
  REQUIRE(skipped.exit_code == 0);
  REQUIRE(read(skipping.out()) == skipping.result_of_run());
  REQUIRE_THAT(skipped.err, ContainsSubstring("class prior"));
  REQUIRE(skipped.json().at("warnings").size() == 2);
}

TEST_CASE("images are named as the layout of the run names them", "[predict]") {
  PhotoRun run;
  std::filesystem::create_directory(run.folder() / "TestSet/inner");
  std::filesystem::copy(run.folder() / "weights.bin", run.folder() / "TestSet/inner/no picture.jpg");
  REQUIRE(run.predict().exit_code == 0);
  REQUIRE(read(run.out()) == run.result_of_run());

  std::filesystem::create_directory(run.folder() / "test");
  std::filesystem::copy(run.folder() / "TrainSet/Animal", run.folder() / "test",
                        std::filesystem::copy_options::recursive);
  run.folder().write("experiment.toml", R"([data]
layout = "folder"
train  = "TrainSet/Animal"
[encoder]
plugin  = "example"
weights = "weights.bin"
[relation]
plugin = "tip"
)");
  run.start({"data.views=0"});
  REQUIRE(run.predict({}, "test").exit_code == 0);
  REQUIRE(read(run.out()) == run.result_of_run());
  REQUIRE_THAT(read(run.out()), ContainsSubstring("Polar_bear/1."));
}

TEST_CASE("a folder without images, and images without a label, are bad data", "[predict]") {
  const PhotoRun run;
  REQUIRE_THAT(run.predict({}, "features").err, ContainsSubstring("there are no images in it"));
  const auto labels = run.folder().write("few.txt", "image_1.jpg 0\n");
  const Outcome unlabelled = run.predict({"--labels", labels.string()});
  REQUIRE(unlabelled.exit_code == 4);
  REQUIRE_THAT(unlabelled.err, ContainsSubstring("there is no line for 'image_"));
}

TEST_CASE("predictions follow a link or go into a pipe, and hidden files are not classified", "[predict]") {
  const PhotoRun run;
  for (const char* name : {"TestSet/._image_1.jpg", "TestSet/.DS_Store", "TestSet/notes.txt"})
    run.folder().write(name, "x");
  std::filesystem::create_symlink("real.txt", run.out());
  const Outcome linked = run.predict();
  CAPTURE(linked.err);
  REQUIRE(linked.exit_code == 0);
  REQUIRE(std::filesystem::is_symlink(run.out()));
  REQUIRE(read(run.folder() / "real.txt") == run.result_of_run());
  REQUIRE_THAT(linked.err, ContainsSubstring("1 file ignored: .txt 1"));
  std::filesystem::remove(run.out());
  std::filesystem::create_symlink("/dev/stdout", run.out());
  REQUIRE(run.predict().out == run.result_of_run());
}

TEST_CASE("images of a run that decoded JPEGs fast are decoded so, too", "[predict]") {
  const PhotoRun exact;
  const PhotoRun fast({"data.decode=fast"});
  REQUIRE(fast.predict().exit_code == 0);
  REQUIRE(read(fast.out()) == fast.result_of_run());
  const auto encoder_folder = [](const PhotoRun& run) {
    return std::filesystem::directory_iterator(run.folder() / "features")->path().filename();
  };
  REQUIRE(encoder_folder(exact) != encoder_folder(fast));  // each has its own features
  REQUIRE_THAT(read(fast.folder() / "features" / encoder_folder(fast) / "encoder.json"),
               ContainsSubstring("\"decode\": \"fast\""));
}
