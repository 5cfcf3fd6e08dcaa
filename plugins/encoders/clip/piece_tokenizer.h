// PieceTokenizer: the tokenizers of SigLIP and SigLIP 2.
#pragma once

#include <memory>
#include <optional>

#include "segmenter.h"
#include "text_normalizer.h"
#include "tokenizer.h"

namespace clip {

// The pre-tokenizer Metaspace of Hugging Face: a space becomes "▁".
struct Metaspace {
  bool prefixes = true;  // a text that does not begin with "▁" gets one
  bool splits = true;    // a word and the "▁" before it are segmented alone
};

// How a text becomes ids.
struct PieceRules {
  bool removes_punctuation = false;  // ASCII punctuation, and white space but for single spaces inside the text
  std::optional<Metaspace> metaspace;
  std::int64_t end_token = 0;  // after the last piece
  std::int64_t padding = 0;    // after the end token
  std::int64_t vocabulary_size = 0;
};

// Only reads its members, so threads may share one object.
class PieceTokenizer final : public Tokenizer {
 public:
  // Throws std::runtime_error if context_length is below 1, the end token.
  PieceTokenizer(PieceRules rules, TextNormalizer normalizer, std::unique_ptr<Segmenter> segmenter,
                 std::int64_t context_length);

  // All texts become lower case, as in the training of these models. The text encoder has no mask, so it reads the
  // padding, too.
  Tokens encode(std::string_view text) const override;

  std::int64_t vocabulary_size() const override { return rules_.vocabulary_size; }

 private:
  std::string normalized(std::string_view text) const;

  PieceRules rules_;
  TextNormalizer normalizer_;
  std::unique_ptr<Segmenter> segmenter_;
  std::int64_t context_length_;
};

}  // namespace clip
