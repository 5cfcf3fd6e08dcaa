#include "support/photos.h"

#include <array>
#include <opencv2/imgcodecs.hpp>

#include "base/atomic_file.h"

namespace tests {

namespace {

constexpr std::array<const char*, kPhotoClasses> kNames = {"Animal_Bear",    "Animal_Polar_bear", "Food-101_pizza",
                                                           "Food-101_sushi", "Thu-dog_Shiba_Dog", "Thu-dog_collie"};
constexpr std::array<std::uint32_t, kPhotoClasses> kColours = {0xC02020, 0x20C020, 0x2020C0,
                                                               0xC0C020, 0x20C0C0, 0xC020C0};
constexpr std::array<const char*, 3> kEndings = {".jpg", ".jpeg", ".png"};

void write(const std::filesystem::path& file, const std::string& bytes) {
  std::filesystem::create_directories(file.parent_path());
  trefoil::base::write_atomically(file, bytes);
}

}  // namespace

std::string photo_bytes(const std::string& ending, int width, int height, std::uint32_t colour, std::uint32_t seed) {
  cv::Mat picture(height, width, CV_8UC3);
  std::uint32_t state = seed;
  for (int row = 0; row < height; ++row) {
    for (int column = 0; column < width; ++column) {
      state = state * 1664525U + 1013904223U;
      const int noise = static_cast<int>(state >> 27U);
      for (int channel = 0; channel < 3; ++channel) {
        const int level = static_cast<int>(colour >> (8 * channel) & 0xFFU) + noise;
        picture.at<cv::Vec3b>(row, column)[channel] = static_cast<std::uint8_t>(level);
      }
    }
  }
  std::vector<std::uint8_t> bytes;
  cv::imencode(ending, picture, bytes);
  return {bytes.begin(), bytes.end()};
}

std::filesystem::path write_photos(const std::filesystem::path& folder) {
  std::string classes;
  std::string train;
  std::string labels;
  std::uint32_t seed = 1;
  for (std::size_t label = 0; label < kNames.size(); ++label) {
    const std::string name = kNames[label];
    const std::string number = std::to_string(label);
    classes += (label > 0 ? "\n" : "") + name + " " + number;
    const std::size_t underscore = name.find('_');
    const std::string place = "TrainSet/" + name.substr(0, underscore) + "/" + name.substr(underscore + 1) + "/";
    for (int i = 0; i < kTrainPhotos; ++i, ++seed) {
      const std::string ending = kEndings[seed % kEndings.size()];
      const std::string file = place + std::to_string(7 * i + 1) + ending;
      write(folder / file, photo_bytes(ending, 40 + 3 * i, 48, kColours[label], seed));
      train += file + " " + number + "\n";
    }
    for (int i = 0; i < kTestPhotos; ++i, ++seed) {
      const std::string ending = kEndings[seed % kEndings.size()];
      const std::string file = "image_" + std::to_string(3 * seed) + ending;
      write(folder / "TestSet" / file, photo_bytes(ending, 50, 36 + i, kColours[label], seed));
      labels += file + " " + number + "\n";
    }
  }
  write(folder / "classes.txt", classes);
  write(folder / "train.txt", train);
  write(folder / "labels.txt", labels);
  write(folder / "weights.bin", "nothing");
  write(folder / "experiment.toml", R"(name = "photos"
seed = 5
[data]
layout  = "track1"
classes = "classes.txt"
train   = "train.txt"
test    = "TestSet"
labels  = "labels.txt"
views   = 0
[encoder]
plugin  = "example"
weights = "weights.bin"
[relation]
plugin = "ape"
alpha  = 100.0
)");
  return folder / "experiment.toml";
}

}  // namespace tests
