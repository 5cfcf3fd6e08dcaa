// make_world: writes a synthetic data set, drawn by world/, in the files of Jittor's Track 1. The same options give the
// same bytes on every machine.

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <future>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <random>
#include <string>
#include <thread>

#include "base/atomic_file.h"
#include "base/errors.h"
#include "world/render.h"
#include "world/selection.h"

namespace {

namespace demo = trefoil::demo;
using demo::Kind;
using demo::Random;

struct Options {
  std::filesystem::path folder;
  std::size_t classes = 30;  // per subset with training images
  std::size_t cars = 0;      // classes without training images
  std::size_t shots = 4;
  std::size_t queries = 10;  // per class
  std::uint64_t seed = 1;
};

struct Picture {
  std::filesystem::path path;  // relative to the folder
  std::size_t label = 0;
  std::uint64_t seed = 0;
};

// A folder that gets its name on commit(), when it is complete. Without commit(), the destructor removes it.
class NewFolder {
 public:
  explicit NewFolder(const std::filesystem::path& path) : path_(std::filesystem::absolute(path).lexically_normal()) {
    if (!path_.has_filename()) path_ = path_.parent_path();
    if (std::filesystem::exists(path_)) {
      throw trefoil::RunError(path_.string() + ": exists already; remove it, or name another folder with --out");
    }
    partial_ = path_;
    partial_ += ".partial-" + std::to_string(std::random_device()());
    std::error_code failure;
    std::filesystem::create_directories(partial_, failure);
    if (failure) throw trefoil::RunError(path_.string() + ": cannot be created (" + failure.message() + ")");
  }
  NewFolder(const NewFolder&) = delete;
  NewFolder& operator=(const NewFolder&) = delete;
  ~NewFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(partial_, ignored);
  }

  const std::filesystem::path& path() const { return partial_; }
  void commit() { std::filesystem::rename(partial_, path_); }

 private:
  std::filesystem::path path_;
  std::filesystem::path partial_;
};

std::vector<Kind> choose_classes(const Options& options, Random& random) {
  std::vector<Kind> classes;
  for (std::size_t subset = 0; subset < demo::subsets().size(); ++subset) {
    const std::size_t count = subset + 1 == demo::subsets().size() ? options.cars : options.classes;
    for (const Kind& kind : demo::choose_held_out(subset, count, random)) classes.push_back(kind);
  }
  return classes;
}

std::string_view subset_of(const Kind& kind) { return demo::subsets()[kind.subset].prefix; }

std::string file_name_of(const Kind& kind) {
  std::string name = demo::name_of(kind);
  std::replace(name.begin(), name.end(), ' ', '_');
  return name;
}

std::vector<Picture> training_pictures(const Options& options, const std::vector<Kind>& classes, Random& random) {
  std::vector<Picture> pictures;
  for (std::size_t label = 0; label < options.classes * (demo::subsets().size() - 1); ++label) {
    const Kind& kind = classes[label];
    const std::filesystem::path folder = std::filesystem::path("TrainSet") / subset_of(kind) / file_name_of(kind);
    for (std::size_t shot = 1; shot <= options.shots; ++shot) {
      pictures.push_back({folder / (std::to_string(shot) + ".jpg"), label, random.bits()});
    }
  }
  return pictures;
}

std::vector<Picture> test_pictures(const Options& options, const std::vector<Kind>& classes, Random& random) {
  std::vector<Picture> pictures;
  for (std::size_t i = 0; i < options.queries * classes.size(); ++i) {
    pictures.push_back({{}, i % classes.size(), random.bits()});
  }
  random.shuffle(pictures);
  for (std::size_t i = 0; i < pictures.size(); ++i) {
    pictures[i].path = std::filesystem::path("TestSetB") / ("image_" + std::to_string(i + 1) + ".jpg");
  }
  return pictures;
}

cv::Size draw_size(Random& random) {
  const int shorter = 112 + static_cast<int>(random.below(49));
  const int most = std::min(160, shorter * 4 / 3);
  const int longer = shorter + static_cast<int>(random.below(static_cast<std::size_t>(most - shorter) + 1));
  return random.chance(0.5) ? cv::Size(shorter, longer) : cv::Size(longer, shorter);
}

void write_picture(const std::filesystem::path& path, const Kind& kind, const demo::Standard& standard, Random random) {
  const cv::Size size = draw_size(random);
  const demo::Scene scene = demo::draw_scene(kind, standard, demo::task_conditions(), random);
  std::vector<unsigned char> bytes;
  if (!cv::imencode(".jpg", demo::render(scene, size), bytes, {cv::IMWRITE_JPEG_QUALITY, 90})) {
    throw trefoil::RunError(path.string() + ": OpenCV could not encode it as JPEG; was OpenCV built without JPEG?");
  }
  trefoil::base::write_atomically(path, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

// Each image depends only on its own seed, so the number of threads does not change the bytes.
void write_pictures(const std::filesystem::path& root, const std::vector<Picture>& pictures,
                    const std::vector<Kind>& classes, std::uint64_t seed) {
  for (const Picture& picture : pictures) std::filesystem::create_directories((root / picture.path).parent_path());
  const std::size_t threads = std::clamp(std::thread::hardware_concurrency(), 1U, 8U);
  std::vector<std::future<void>> parts;
  for (std::size_t thread = 0; thread < threads; ++thread) {
    parts.push_back(std::async(std::launch::async, [&, thread] {
      for (std::size_t i = thread; i < pictures.size(); i += threads) {
        const Kind& kind = classes[pictures[i].label];
        write_picture(root / pictures[i].path, kind, demo::draw_standard(kind, seed), Random(pictures[i].seed));
      }
    }));
  }
  for (std::future<void>& part : parts) part.get();
}

std::string class_list(const std::vector<Kind>& classes) {
  std::string lines;
  for (std::size_t label = 0; label < classes.size(); ++label) {
    const Kind& kind = classes[label];
    lines += std::string(subset_of(kind)) + "_" + file_name_of(kind) + " " + std::to_string(label) + "\n";
  }
  return lines;
}

std::string picture_list(const std::vector<Picture>& pictures, bool with_folder) {
  std::string lines;
  for (const Picture& picture : pictures) {
    const std::filesystem::path name = with_folder ? picture.path : picture.path.filename();
    lines += name.generic_string() + " " + std::to_string(picture.label) + "\n";
  }
  return lines;
}

void write_task(const Options& options) {
  Random random(options.seed);
  const std::vector<Kind> classes = choose_classes(options, random);
  const std::vector<Picture> training = training_pictures(options, classes, random);
  const std::vector<Picture> test = test_pictures(options, classes, random);
  NewFolder folder(options.folder);
  write_pictures(folder.path(), training, classes, options.seed);
  write_pictures(folder.path(), test, classes, options.seed);
  trefoil::base::write_atomically(folder.path() / "classes_b.txt", class_list(classes));
  trefoil::base::write_atomically(folder.path() / "train.txt", picture_list(training, true));
  trefoil::base::write_atomically(folder.path() / "labels_b.txt", picture_list(test, false));
  folder.commit();
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app("Writes a synthetic few-shot data set of images, in the layout of Jittor's Track 1.");
  app.add_option("--out", options.folder, "Folder to create; it must not exist")->required();
  const auto count = [&](const char* name, std::size_t& value, const char* help) {
    app.add_option(name, value, help)->check(CLI::PositiveNumber)->capture_default_str();
  };
  count("--classes", options.classes, "Classes per subset, for the four subsets with training images");
  app.add_option("--cars", options.cars, "Number of classes without training images")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  count("--shots", options.shots, "K, training images per class");
  count("--queries", options.queries, "Test images per class");
  app.add_option("--seed", options.seed, "Seed")->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  try {
    write_task(options);
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "error: %s\n", error.what());
    return 1;
  }
}
