#include "unigram.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace clip {

namespace {

constexpr std::int32_t kUnknown = -1;
constexpr double kUnknownPenalty = 10;  // SentencePiece's, below the lowest score

// The best segmentation of the text up to a position: its score and its last piece.
struct Best {
  double score = -std::numeric_limits<double>::infinity();
  std::size_t begin = 0;
  std::int32_t id = kUnknown;
};

void improve(Best& best, const Best& candidate) {
  if (candidate.score > best.score) best = candidate;
}

struct Part {
  std::size_t begin;
  std::size_t end;
  std::int32_t id;
};

// Follows the last pieces from the end to the start, and joins unknown neighbours.
std::vector<Part> parts_of(const std::vector<Best>& best) {
  std::vector<Part> parts;
  for (std::size_t end = best.size() - 1; end > 0; end = best[end].begin) {
    const Part part{best[end].begin, end, best[end].id};
    if (part.id == kUnknown && !parts.empty() && parts.back().id == kUnknown) {
      parts.back().begin = part.begin;
    } else {
      parts.push_back(part);
    }
  }
  std::reverse(parts.begin(), parts.end());
  return parts;
}

}  // namespace

Unigram::Unigram(const std::vector<ScoredPiece>& pieces, BytePieces unknown)
    : unknown_(std::move(unknown)), unknown_score_(std::numeric_limits<double>::infinity()) {
  sorted_.reserve(pieces.size());
  for (const ScoredPiece& piece : pieces) {
    sorted_.push_back({piece.text, piece.score, static_cast<std::int32_t>(sorted_.size())});
    unknown_score_ = std::min(unknown_score_, piece.score);
  }
  unknown_score_ -= kUnknownPenalty;
  std::sort(sorted_.begin(), sorted_.end(), [](const Entry& a, const Entry& b) { return a.text < b.text; });
}

template <typename Visit>
void Unigram::visit_prefixes(std::string_view text, Visit visit) const {
  auto begin = sorted_.begin();
  auto end = sorted_.end();
  for (std::size_t depth = 0; depth < text.size() && begin != end; ++depth) {
    // All pieces in [begin, end) begin with the first `depth` bytes. A piece that ends there comes first.
    const auto byte_at = [depth](const Entry& entry) {
      return depth < entry.text.size() ? static_cast<int>(static_cast<unsigned char>(entry.text[depth])) : -1;
    };
    const auto byte = static_cast<int>(static_cast<unsigned char>(text[depth]));
    begin = std::partition_point(begin, end, [&](const Entry& entry) { return byte_at(entry) < byte; });
    end = std::partition_point(begin, end, [&](const Entry& entry) { return byte_at(entry) == byte; });
    if (begin != end && begin->text.size() == depth + 1) visit(*begin);
  }
}

std::vector<std::int32_t> Unigram::operator()(std::string_view text) const {
  std::vector<Best> best(text.size() + 1);
  best[0].score = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t length = character_length(text[begin]);
    bool has_character = false;
    visit_prefixes(text.substr(begin), [&](const Entry& piece) {
      improve(best[begin + piece.text.size()], {best[begin].score + piece.score, begin, piece.id});
      has_character = has_character || piece.text.size() == length;
    });
    if (!has_character) improve(best[begin + length], {best[begin].score + unknown_score_, begin, kUnknown});
    begin += length;
  }
  std::vector<std::int32_t> ids;
  for (const Part& part : parts_of(best)) {
    if (part.id == kUnknown) {
      unknown_.append(text.substr(part.begin, part.end - part.begin), ids);
    } else {
      ids.push_back(part.id);
    }
  }
  return ids;
}

}  // namespace clip
