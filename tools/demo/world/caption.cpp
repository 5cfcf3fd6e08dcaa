// Captions and their vocabulary.
#include "world/caption.h"

#include <set>
#include <sstream>
#include <string_view>

#include "world/backdrop.h"

namespace trefoil::demo {

namespace {

constexpr std::string_view kUsual = "a photo of a";
constexpr std::string_view kOthers[] = {"a picture of a", "an image of a", "a good photo of a", "a close photo of a",
                                        "this is a"};
constexpr std::string_view kBlurry = "a blurry photo of a";
constexpr std::string_view kDark = "a dark photo of a";

std::string_view opening(const Scene& scene, Random& random) {
  constexpr double kOther = 0.3;
  constexpr double kBlurred = 0.006;  // for Conditions::blur
  constexpr double kDim = 0.85;
  if (!random.chance(kOther)) return kUsual;
  if (scene.blur > kBlurred && random.chance(0.5)) return kBlurry;
  if (scene.light.gain < kDim && random.chance(0.5)) return kDark;
  return kOthers[random.below(std::size(kOthers))];
}

void add_words(std::set<std::string>& words, std::string_view text) {
  std::istringstream stream{std::string(text)};
  for (std::string word; stream >> word;) words.insert(word);
}

}  // namespace

std::string caption(const Scene& scene, Random& random) {
  constexpr double kNamesBackdrop = 0.25;
  std::string text = std::string(opening(scene, random)) + " " + name_of(scene.kind);
  if (random.chance(kNamesBackdrop)) {
    const BackdropWords words = backdrop_words(scene.backdrop);
    text += " " + std::string(words.preposition) + " " + std::string(words.word);
  }
  return text + ".";
}

std::vector<std::string> all_words() {
  std::set<std::string> words;
  for (std::size_t subset = 0; subset < subsets().size(); ++subset) {
    for (const Kind& kind : all_kinds(subset)) add_words(words, name_of(kind));
  }
  for (std::size_t backdrop = 0; backdrop < kBackdrops; ++backdrop) {
    add_words(words, backdrop_words(backdrop).preposition);
    add_words(words, backdrop_words(backdrop).word);
  }
  for (const std::string_view text : kOthers) add_words(words, text);
  for (const std::string_view text : {kUsual, kBlurry, kDark}) add_words(words, text);
  return {words.begin(), words.end()};
}

}  // namespace trefoil::demo
