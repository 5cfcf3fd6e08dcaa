// Chooses kinds one by one, each time one whose words have been used least.
#include "world/selection.h"

#include <algorithm>
#include <stdexcept>
#include <string>

namespace trefoil::demo {

namespace {

std::vector<Kind> held_out_kinds(std::size_t subset) {
  std::vector<Kind> kinds;
  for (const Kind& kind : all_kinds(subset)) {
    if (is_held_out(kind)) kinds.push_back(kind);
  }
  return kinds;
}

// Counts how often each word of a subset has been used.
class WordCount {
 public:
  explicit WordCount(const Subset& subset) {
    for (const Attribute& attribute : subset.attributes) uses_.emplace_back(attribute.words.size(), 0);
  }

  void add(const Kind& kind) {
    for (std::size_t i = 0; i < uses_.size(); ++i) ++uses_[i][kind.words[i]];
  }

  // The uses of the kind's words, weighted by the number of words of the attribute: a word among many should be used
  // less often than a word among few.
  std::size_t of(const Kind& kind) const {
    std::size_t sum = 0;
    for (std::size_t i = 0; i < uses_.size(); ++i) sum += uses_[i][kind.words[i]] * uses_[i].size();
    return sum;
  }

 private:
  std::vector<std::vector<std::size_t>> uses_;  // by attribute and word
};

}  // namespace

std::vector<Kind> choose_held_out(std::size_t subset, std::size_t count, Random& random) {
  std::vector<Kind> candidates = held_out_kinds(subset);
  const Subset& about = subsets()[subset];
  if (count > candidates.size()) {
    throw std::invalid_argument("'" + std::string(about.prefix) + "' has only " + std::to_string(candidates.size()) +
                                " kinds that training never shows; ask for at most so many classes of it, not " +
                                std::to_string(count));
  }
  random.shuffle(candidates);
  WordCount uses(about);
  std::vector<Kind> chosen;
  while (chosen.size() < count) {
    const auto next = std::min_element(candidates.begin(), candidates.end(), [&](const Kind& one, const Kind& other) {
      return uses.of(one) < uses.of(other);
    });
    uses.add(*next);
    chosen.push_back(*next);
    candidates.erase(next);
  }
  return chosen;
}

}  // namespace trefoil::demo
