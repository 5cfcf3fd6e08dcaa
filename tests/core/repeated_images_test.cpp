#include "features/repeated_images.h"

#include "support/catch.h"

using namespace tests;
using namespace trefoil;
using trefoil::features::repeated_images;

namespace {

base::Digest content(const char* text) { return base::sha256_digest(text); }

}  // namespace

TEST_CASE("images that are there once cause no warning", "[features]") {
  const std::vector<data::ImageEntry> training = {{"a", "a", 0}, {"b", "b", 1}};
  const std::vector<data::ImageEntry> test = {{"c", "c", -1}, {"d", "d", -1}};
  // Two test images may be equal.
  REQUIRE(repeated_images({training, {content("1"), content("2")}}, {test, {content("3"), content("3")}}).empty());
  REQUIRE(repeated_images({{}, {}}, {{}, {}}).empty());
}

TEST_CASE("equal training images and learnt test images are counted", "[features]") {
  const std::vector<data::ImageEntry> training = {{"a", "a", 0}, {"b", "b", 0}, {"c", "c", 1}, {"d", "d", 1}};
  const std::vector<base::Digest> contents = {content("1"), content("1"), content("1"), content("1")};
  const std::vector<data::ImageEntry> test = {{"x", "x", 0}, {"y", "y", 1}};
  REQUIRE(repeated_images({training, contents}, {test, {content("2"), content("1")}}) ==
          std::vector<std::string>{
              "1 training image, b, has the same content as an earlier one of the class",
              "2 training images, for example c, have the same content as a training image of another class",
              "1 test image, y, is a training image too, so the accuracy is too good"});
}

TEST_CASE("without labels, a learnt test image spoils no accuracy", "[features]") {
  const std::vector<data::ImageEntry> training = {{"a", "a", 0}};
  const std::vector<data::ImageEntry> test = {{"x", "x", -1}, {"y", "y", -1}};
  REQUIRE(repeated_images({training, {content("1")}}, {test, {content("1"), content("1")}}) ==
          std::vector<std::string>{"2 test images, for example x, are training images too"});
}
