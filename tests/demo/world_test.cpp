// The synthetic data set: names of kinds, which kinds are held out from training, and reproducible images.
#include <map>
#include <opencv2/core.hpp>
#include <set>
#include <sstream>

#include "support/catch.h"
#include "world/caption.h"
#include "world/render.h"
#include "world/selection.h"

using namespace tests;
using namespace trefoil::demo;

namespace {

std::vector<Kind> kinds_of_all_subsets() {
  std::vector<Kind> kinds;
  for (std::size_t subset = 0; subset < subsets().size(); ++subset) {
    for (const Kind& kind : all_kinds(subset)) kinds.push_back(kind);
  }
  return kinds;
}

bool same(const cv::Mat& a, const cv::Mat& b) { return a.size() == b.size() && cv::norm(a, b, cv::NORM_INF) == 0; }

}  // namespace

TEST_CASE("every kind has a name of its own, made of its words", "[demo]") {
  std::set<std::string> names;
  for (const Kind& kind : kinds_of_all_subsets()) {
    const std::string name = name_of(kind);
    REQUIRE(names.insert(name).second);
    for (std::size_t i = 0; i < kind.words.size(); ++i) {
      REQUIRE_THAT(name, ContainsSubstring(std::string(subsets()[kind.subset].attributes[i].words[kind.words[i]])));
    }
  }
  REQUIRE(names.count("striped red star") == 1);
  REQUIRE(names.count("white daisy with yellow heart") == 1);
}

TEST_CASE("a part of every subset is held out, and each of its words is seen in training", "[demo]") {
  std::map<std::string, int> seen;
  std::map<std::size_t, std::pair<int, int>> held_out;  // of how many, by subset
  for (const Kind& kind : kinds_of_all_subsets()) {
    auto& [out, all] = held_out[kind.subset];
    ++all;
    out += is_held_out(kind) ? 1 : 0;
    for (std::size_t i = 0; i < kind.words.size(); ++i) {
      const Attribute& attribute = subsets()[kind.subset].attributes[i];
      std::string word = std::string(subsets()[kind.subset].prefix) + " " + std::string(attribute.words[kind.words[i]]);
      seen[word] += is_held_out(kind) ? 0 : 1;
    }
  }
  for (const auto& [subset, count] : held_out) {
    CAPTURE(subset);
    REQUIRE(count.first > 0.1 * count.second);
    REQUIRE(count.first < 0.25 * count.second);
  }
  for (const auto& [word, count] : seen) {
    CAPTURE(word);
    REQUIRE(count >= 5);
  }
}

TEST_CASE("captions hold the full name and no word that the vocabulary lacks", "[demo]") {
  const std::vector<std::string> words = all_words();
  const std::set<std::string> known(words.begin(), words.end());
  REQUIRE(known.size() == words.size());
  Random random(3);
  for (const Kind& kind : kinds_of_all_subsets()) {
    const std::string text = caption(draw_scene(kind, typical(), training_conditions(), random), random);
    REQUIRE_THAT(text, ContainsSubstring(name_of(kind)));
    REQUIRE(text.back() == '.');
    std::istringstream stream(text.substr(0, text.size() - 1));
    for (std::string word; stream >> word;) {
      CAPTURE(text, word);
      REQUIRE(known.count(word) == 1);
    }
  }
}

TEST_CASE("a scene is drawn the same again, and another one differently", "[demo]") {
  for (std::size_t subset = 0; subset < subsets().size(); ++subset) {
    const Kind kind = all_kinds(subset).front();
    const Standard standard = draw_standard(kind, 5);
    Random random(7);
    Random again(7);
    const Scene scene = draw_scene(kind, standard, task_conditions(), random);
    const cv::Mat picture = render(scene, {150, 120});
    REQUIRE(picture.type() == CV_8UC3);
    REQUIRE(same(picture, render(draw_scene(kind, standard, task_conditions(), again), {150, 120})));
    REQUIRE_FALSE(same(picture, render(draw_scene(kind, standard, task_conditions(), random), {150, 120})));
  }
}

TEST_CASE("a task's classes are different kinds that training never sees, with many of the words", "[demo]") {
  Random random(1);
  for (std::size_t subset = 0; subset < subsets().size(); ++subset) {
    const std::vector<Kind> chosen = choose_held_out(subset, 12, random);
    std::set<std::string> names;
    std::set<std::size_t> first_words;
    for (const Kind& kind : chosen) {
      REQUIRE(kind.subset == subset);
      REQUIRE(is_held_out(kind));
      names.insert(name_of(kind));
      first_words.insert(kind.words[0]);
    }
    REQUIRE(names.size() == 12);
    REQUIRE(2 * first_words.size() > subsets()[subset].attributes[0].words.size());
  }
  REQUIRE_THROWS_AS(choose_held_out(0, 1000, random), std::invalid_argument);
}
