// Unigram: the segmentation of SentencePiece's unigram language model (Kudo, ACL 2018), as SigLIP uses it.
#pragma once

#include <string>
#include <vector>

#include "byte_pieces.h"
#include "segmenter.h"

namespace clip {

// A piece and its log probability. Its id is its place in the vocabulary.
struct ScoredPiece {
  std::string text;
  double score;
};

class Unigram final : public Segmenter {
 public:
  // The scores are finite, and no two pieces are equal.
  Unigram(const std::vector<ScoredPiece>& pieces, BytePieces unknown);

  // Returns the segmentation with the largest sum of scores; of equal ones, the one whose last piece is longest, and so
  // on towards the front. Neighbouring characters that are in no piece form one unknown text. Takes O(n l log v) for n
  // bytes, pieces of at most l bytes and v pieces.
  std::vector<std::int32_t> operator()(std::string_view text) const override;

 private:
  struct Entry {
    std::string text;
    double score;
    std::int32_t id;
  };

  // Calls visit(entry) for every piece at the beginning of `text`, short pieces first.
  template <typename Visit>
  void visit_prefixes(std::string_view text, Visit visit) const;

  std::vector<Entry> sorted_;  // by text
  BytePieces unknown_;
  double unknown_score_;
};

}  // namespace clip
