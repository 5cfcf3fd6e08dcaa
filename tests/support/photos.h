// A small data set of made-up pictures in the layout of Track 1.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace tests {

constexpr int kPhotoClasses = 6;  // two in each of Animal, Food-101 and Thu-dog
constexpr int kTrainPhotos = 3;   // of each class
constexpr int kTestPhotos = 4;    // of each class

// classes.txt, train.txt, labels.txt, TrainSet/…, TestSet/image_N.{jpg,jpeg,png} with gaps in N, and experiment.toml
// for them: encoder `example` (tests/plugins/bad), selector all, relation ape, no views. Every class has a colour of
// its own. Returns the path of experiment.toml.
std::filesystem::path write_photos(const std::filesystem::path& folder);

// A picture of one colour with some noise, as the bytes of a file of that ending.
std::string photo_bytes(const std::string& ending, int width, int height, std::uint32_t colour, std::uint32_t seed);

}  // namespace tests
