// MergedPieces: byte-pair encoding on characters, as SentencePiece's BPE models in tokenizer.json use it (Gemma's
// vocabulary, and so SigLIP 2).
#pragma once

#include <string>
#include <unordered_map>

#include "byte_pieces.h"
#include "pair_merges.h"
#include "segmenter.h"

namespace clip {

class MergedPieces final : public Segmenter {
 public:
  // `characters` are the pieces of one character.
  MergedPieces(std::unordered_map<std::string, std::int32_t> characters, PairMerges merges, BytePieces unknown);

  // Takes O(n log n) for n characters. A character that is no piece becomes the pieces of its bytes.
  std::vector<std::int32_t> operator()(std::string_view text) const override;

 private:
  std::unordered_map<std::string, std::int32_t> characters_;
  PairMerges merges_;
  BytePieces unknown_;
};

}  // namespace clip
