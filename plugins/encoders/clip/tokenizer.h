// Text to the numbers that CLIP's text encoder takes.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "vocabulary.h"

namespace clip {

// The byte-pair encoding of OpenAI's CLIP. It holds no state but the vocabulary, so threads may share one.
class Tokenizer {
 public:
  struct Tokens {
    std::vector<std::int64_t> ids;  // context_length of them, zeros after the end token
    bool cut = false;               // the text was too long; the last id is the end token all the same
  };

  // Throws std::runtime_error when the context has no room for the start and the end token.
  explicit Tokenizer(Vocabulary vocabulary, std::int64_t context_length = 77);

  // Throws std::runtime_error with the text in it when that is not well-formed UTF-8.
  Tokens encode(std::string_view text) const;

  std::int64_t start_token() const { return vocabulary_.start_token; }
  std::int64_t end_token() const { return vocabulary_.end_token; }
  std::int64_t vocabulary_size() const { return vocabulary_.size; }

 private:
  Vocabulary vocabulary_;
  std::int64_t context_length_;
};

}  // namespace clip
