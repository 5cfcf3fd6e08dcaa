// BytePairTokenizer: the tokenizer of OpenAI's CLIP.
#pragma once

#include <cstdint>
#include <string_view>

#include "tokenizer.h"
#include "vocabulary.h"

namespace clip {

// Byte-pair encoding. Its only state is the vocabulary, so threads may share one object.
class BytePairTokenizer final : public Tokenizer {
 public:
  // Throws std::runtime_error if context_length is below 2, the start and the end token.
  explicit BytePairTokenizer(Vocabulary vocabulary, std::int64_t context_length = 77);

  // The ids after the end token are zeros, and the text encoder does not read them. Throws std::runtime_error that
  // quotes the text if it is not valid UTF-8.
  Tokens encode(std::string_view text) const override;

  std::int64_t start_token() const { return vocabulary_.start_token; }
  std::int64_t end_token() const { return vocabulary_.end_token; }
  std::int64_t vocabulary_size() const override { return vocabulary_.size; }

 private:
  Vocabulary vocabulary_;
  std::int64_t context_length_;
};

}  // namespace clip
