// `runner encode`, with the encoder `clip` on a small made-up model.
#include <nlohmann/json.hpp>
#include <set>

#include "formats/array_header.h"
#include "support/catch.h"
#include "support/clip_model.h"
#include "support/files.h"
#include "support/photos.h"
#include "support/process.h"
#include "support/siglip_model.h"
#include "trefoil/tensor_file.h"

using namespace tests;

namespace {

class Workplace {
 public:
  Workplace() {
    write_photos(folder_.path());
    write_tensors(folder_ / "model.safetensors", small_vit());
    write_clip_vocabulary(folder_ / "words");
    folder_.write("texts.txt", "a dog\n\na cat\n");
  }

  // Into the file out().
  Outcome encode(std::vector<std::string> arguments) const {
    arguments.insert(arguments.end(), {"--out", out().string()});
    return run(arguments);
  }

  Outcome run(const std::vector<std::string>& arguments) const { return run_shell(command(arguments)); }

  std::string command(std::vector<std::string> arguments) const {
    const std::vector<std::string> common = {"encode",
                                             "--plugin",
                                             "clip",
                                             "--store",
                                             (folder_ / "features").string(),
                                             "--set",
                                             "vocabulary=" + (folder_ / "words").string()};
    arguments.insert(arguments.begin(), common.begin(), common.end());
    std::string line = shell_word(runner_program());
    for (const std::string& argument : arguments) line += " " + shell_word(argument);
    return line;
  }

  std::string weights() const { return "weights=" + (folder_ / "model.safetensors").string(); }
  std::filesystem::path out() const { return folder_ / "new/out.safetensors"; }
  const TemporaryFolder& folder() const { return folder_; }

 private:
  TemporaryFolder folder_;
};

}  // namespace

TEST_CASE("images, texts and tokens are written to one file, with names in natural order", "[encode]") {
  const Workplace place;
  const Outcome outcome = place.encode({"--set", place.weights(), "--images", (place.folder() / "TestSet").string(),
                                        "--texts", (place.folder() / "texts.txt").string(), "--json"});
  CAPTURE(outcome.err);
  REQUIRE(outcome.exit_code == 0);
  REQUIRE(outcome.json() == nlohmann::json{{"out", place.out().string()}, {"images", 24}, {"texts", 3}});
  const auto tensors = trefoil::read_safetensors(place.out());
  REQUIRE(tensors.at("image_features").sizes() == at::IntArrayRef({24, 32}));
  REQUIRE(tensors.at("text_features").sizes() == at::IntArrayRef({3, 32}));
  REQUIRE(tensors.at("tokens").sizes() == at::IntArrayRef({3, 16}));
  REQUIRE(tensors.at("image_features").norm().item<double>() > 0);
  const auto metadata = trefoil::formats::read_safetensors_header(place.out()).metadata;
  const auto names = nlohmann::json::parse(metadata.at("image_names"));
  REQUIRE(names.size() == 24);
  REQUIRE(names.at(0) == "image_12.jpeg");
  REQUIRE(names.at(1).get<std::string>().rfind("image_15.", 0) == 0);
  REQUIRE(nlohmann::json::parse(metadata.at("texts")) == nlohmann::json{"a dog", "", "a cat"});
  REQUIRE(nlohmann::json::parse(metadata.at("encoder")).at("encoder") == "clip");
}

TEST_CASE("a folder of SigLIP encodes images and texts, with any number of threads to the bit", "[encode]") {
  const Workplace place;
  const std::string folder = write_siglip(place.folder() / "siglip").string();
  const std::string program =
      shell_word(runner_program()) + " encode --plugin clip --set weights=" + shell_word(folder) +
      " --set vocabulary=" + shell_word(folder) + " --images " + shell_word((place.folder() / "TestSet").string()) +
      " --texts " + shell_word((place.folder() / "texts.txt").string());
  std::string first;
  for (const char* threads : {"1", "2", "3"}) {
    const std::filesystem::path out = place.folder() / (std::string(threads) + ".safetensors");
    const Outcome outcome = run_shell(program + " --threads " + threads + " --out " + shell_word(out.string()) +
                                      " --store " + shell_word((place.folder() / threads).string()));
    CAPTURE(outcome.err);
    REQUIRE(outcome.exit_code == 0);
    REQUIRE_THAT(outcome.err, ContainsSubstring("SigLIP, ViT, 2 layers of width 64, 4 heads (config.json)") &&
                                  ContainsSubstring("framing squash (preprocessor_config.json)") &&
                                  ContainsSubstring("interpolation bilinear (preprocessor_config.json)"));
    const auto tensors = trefoil::read_safetensors(out);
    REQUIRE(tensors.at("image_features").sizes() == at::IntArrayRef({24, SmallSiglip::width}));
    const auto* ids = tensors.at("tokens").data_ptr<std::int64_t>();
    REQUIRE(std::vector<std::int64_t>(ids, ids + 3) == std::vector<std::int64_t>{4, 5, 1});
    if (first.empty()) first = read(out);
    REQUIRE(read(out) == first);
  }
}

TEST_CASE("shards fill the store, and the whole is put together from it", "[encode]") {
  const Workplace place;
  const std::vector<std::string> what = {"--set",    place.weights(),
                                         "--images", (place.folder() / "TestSet").string(),
                                         "--texts",  (place.folder() / "texts.txt").string(),
                                         "--json"};
  std::size_t images = 0;
  for (const char* shard : {"1/3", "3/3", "2/3"}) {
    std::vector<std::string> arguments = what;
    arguments.insert(arguments.end(), {"--shard", shard});
    const Outcome part = place.run(arguments);
    CAPTURE(part.err);
    REQUIRE(part.exit_code == 0);
    REQUIRE(part.json().at("shard") == shard);
    images += part.json().at("images").get<std::size_t>();
  }
  REQUIRE(images == 24);
  const auto shards = [&] {
    std::set<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(place.folder() / "features"))
      files.insert(entry.path());
    return files;
  };
  const auto before = shards();
  REQUIRE(place.encode(what).exit_code == 0);
  REQUIRE(shards() == before);  // nothing was encoded again
  const std::string together = read(place.out());
  std::filesystem::remove_all(place.folder() / "features");
  REQUIRE(place.encode(what).exit_code == 0);
  REQUIRE(read(place.out()) == together);
}

TEST_CASE("a shard that is none is refused", "[encode]") {
  const Workplace place;
  const std::string images = (place.folder() / "TestSet").string();
  for (const char* shard : {"0/3", "4/3", "1", "1/0", "-1/3", "1/3x", "a/b"}) {
    CAPTURE(shard);
    const Outcome outcome = place.run({"--set", place.weights(), "--images", images, "--shard", shard});
    REQUIRE(outcome.exit_code == 2);
    REQUIRE_THAT(outcome.err, ContainsSubstring("I from 1 to N"));
  }
  REQUIRE(place.encode({"--set", place.weights(), "--images", images, "--shard", "1/3"}).exit_code == 2);
  const Outcome nowhere = place.run({"--set", place.weights(), "--images", images});
  REQUIRE(nowhere.exit_code == 2);
  REQUIRE_THAT(nowhere.err, ContainsSubstring("--out FILE.safetensors"));
}

TEST_CASE("texts of a JSON array may hold line ends; one that is too long is cut with a warning", "[encode]") {
  const Workplace place;
  const auto texts = place.folder().write("texts.json", R"(["two\nlines", "a text of far more than sixteen tokens"])");
  const Outcome outcome = place.encode({"--set", place.weights(), "--texts", texts.string()});
  CAPTURE(outcome.err);
  REQUIRE(outcome.exit_code == 0);
  REQUIRE_THAT(outcome.err, ContainsSubstring("texts cut to the 16 tokens that the model reads: 1 of 2"));
  REQUIRE(trefoil::read_safetensors(place.out()).size() == 2);
  const Outcome strict =
      place.encode({"--set", place.weights(), "--set", "long_text=error", "--texts", texts.string()});
  REQUIRE(strict.exit_code == 3);
  REQUIRE_THAT(strict.err, ContainsSubstring("encoder.long_text = \"cut\""));
}

TEST_CASE("mistakes of `runner encode` are told apart", "[encode]") {
  const Workplace place;
  const std::string images = (place.folder() / "TestSet").string();
  REQUIRE(place.encode({"--set", place.weights()}).exit_code == 2);
  const Outcome mistyped = place.encode({"--set", "wieghts=x", "--images", images});
  REQUIRE(mistyped.exit_code == 2);
  REQUIRE_THAT(mistyped.err, ContainsSubstring("did you mean 'weights'?"));
  const Outcome missing = place.encode({"--set", "weights=/nowhere.pt", "--images", images});
  REQUIRE(missing.exit_code == 4);
  REQUIRE_THAT(missing.err, ContainsSubstring("/nowhere.pt: there is no such file"));
  const Outcome damaged =
      place.encode({"--set", "weights=" + (place.folder() / "texts.txt").string(), "--images", images});
  REQUIRE(damaged.exit_code == 3);
  REQUIRE_THAT(damaged.err,
               ContainsSubstring("neither a file of torch.save or torch.jit.save nor a .safetensors file"));
  const Outcome no_images = place.encode({"--set", place.weights(), "--images", (place.folder() / "words").string()});
  REQUIRE(no_images.exit_code == 4);
  REQUIRE_THAT(no_images.err, ContainsSubstring("there are no images in it"));
  REQUIRE(run_runner({"encode", "--plugin", "clap", "--out", "x", "--images", images}).exit_code == 3);
  REQUIRE_FALSE(std::filesystem::exists(place.out()));
}

TEST_CASE("colours that would make features without meaning are refused", "[encode]") {
  const Workplace place;
  for (const char* setting : {"deviation=0 0 0", "deviation=0.5 -1 0.5", "mean=0.5 2 0.5", "mean=-1 0 0"}) {
    CAPTURE(setting);
    const Outcome outcome =
        place.encode({"--set", place.weights(), "--set", setting, "--images", (place.folder() / "TestSet").string()});
    REQUIRE(outcome.exit_code == 3);
    REQUIRE_THAT(outcome.err, ContainsSubstring("its pixel format has a ") && ContainsSubstring("[encoder]"));
  }
}

TEST_CASE("a bad image stops `runner encode`, or is left out", "[encode]") {
  const Workplace place;
  place.folder().write("TestSet/inner/bad.jpg", "no picture");
  const std::string images = (place.folder() / "TestSet").string();
  const Outcome failed = place.encode({"--set", place.weights(), "--images", images});
  REQUIRE(failed.exit_code == 4);
  REQUIRE_THAT(failed.err, ContainsSubstring("inner/bad.jpg: it is not an image of a known format"));
  const Outcome skipped = place.encode({"--set", place.weights(), "--images", images, "--on-bad-image", "skip"});
  REQUIRE(skipped.exit_code == 0);
  REQUIRE(trefoil::read_safetensors(place.out()).at("image_features").size(0) == 24);
}

TEST_CASE("texts that are missing, and places that cannot be written, are found before anything is encoded",
          "[encode]") {
  const Workplace place;
  const std::string images = (place.folder() / "TestSet").string();
  const auto file = place.folder().write("empty.txt", "\n");
  for (const auto& [name, content] : {std::pair("empty.txt", "\n"), {"empty.json", "[]"}}) {
    const auto texts = place.folder().write(name, content);
    const Outcome empty = place.encode({"--set", place.weights(), "--images", images, "--texts", texts.string()});
    REQUIRE(empty.exit_code == 4);
    REQUIRE_THAT(empty.err, ContainsSubstring(std::string(name) + ": there are no texts in it"));
  }
  const auto with_nul = place.folder().write("nul.json", std::string("[\"a\"]\0", 6));
  const Outcome nul = place.encode({"--set", place.weights(), "--images", images, "--texts", with_nul.string()});
  REQUIRE(nul.exit_code == 4);
  REQUIRE_THAT(nul.err, ContainsSubstring("nul.json: it has the character U+0000"));
  for (const std::string& out : {(file / "out.safetensors").string(), place.folder().path().string()}) {
    const Outcome refused = place.run({"--set", place.weights(), "--images", images, "--out", out});
    REQUIRE(refused.exit_code == 1);
    REQUIRE_THAT(refused.err, ContainsSubstring("error: " + (out.back() == 's' ? file.string() : out) + ": "));
  }
  REQUIRE_FALSE(std::filesystem::exists(place.folder() / "features"));
}

TEST_CASE("features can be piped into another program", "[encode]") {
  const Workplace place;
  const std::vector<std::string> what = {"--set", place.weights(), "--texts", (place.folder() / "texts.txt").string()};
  REQUIRE(place.encode(what).exit_code == 0);
  std::vector<std::string> to_stdout = what;
  to_stdout.insert(to_stdout.end(), {"--out", "/dev/stdout"});
  const Outcome piped = run_shell(place.command(to_stdout) + " | cat");
  // The file behind stdout is not replaced: its earlier content stays.
  const std::string all = shell_word((place.folder() / "all").string());
  const Outcome appended =
      run_shell("echo before > " + all + " && " + place.command(to_stdout) + " >> " + all + " && head -c 7 " + all);
  REQUIRE(appended.exit_code == 0);
  REQUIRE(appended.out == "before\n");
  REQUIRE(piped.out == read(place.out()));
  REQUIRE_THAT(piped.err, ContainsSubstring("0 images, 3 texts"));
}

TEST_CASE("files of other kinds are counted, and hidden ones are not mentioned", "[encode]") {
  const Workplace place;
  for (const char* name : {"a.txt", "b.TXT", "c.svg", "._image_12.jpg", "Thumbs.db"})
    place.folder().write(std::string("TestSet/") + name, "x");
  const Outcome outcome = place.encode({"--set", place.weights(), "--images", (place.folder() / "TestSet").string()});
  CAPTURE(outcome.err);
  REQUIRE(outcome.exit_code == 0);
  REQUIRE_THAT(outcome.err, ContainsSubstring("3 files ignored: .txt 2, .svg 1"));
  place.folder().write("papers/a.pdf", "x");
  REQUIRE_THAT(place.encode({"--set", place.weights(), "--images", (place.folder() / "papers").string()}).err,
               ContainsSubstring("papers: there are no images in it, but 1 file of other kinds: .pdf 1"));
}

TEST_CASE("on a terminal, the progress is removed before the result", "[encode]") {
  const Workplace place;
  const std::string command = place.command({"--set", place.weights(), "--images", place.folder().path().string(),
                                             "--views", "1000", "--threads", "1", "--out", place.out().string()});
  const Outcome outcome = run_shell("script -qec " + shell_word(command) + " /dev/null");
  CAPTURE(outcome.out);
  REQUIRE(outcome.exit_code == 0);
  REQUIRE_THAT(outcome.out, ContainsSubstring("encode images"));
  REQUIRE_THAT(outcome.out, ContainsSubstring("\r\x1B[K42 images, 0 texts"));
}
