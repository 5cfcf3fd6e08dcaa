// The tokenizer of CLIP's text encoder.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "vocabulary.h"

namespace clip {

// The byte-pair encoding of OpenAI's CLIP. Its only state is the vocabulary, so threads may share one object.
class Tokenizer {
 public:
  struct Tokens {
    std::vector<std::int64_t> ids;  // context_length ids; zeros after the end token
    bool cut = false;               // whether the text was too long; the last id is still the end token
  };

  // Throws std::runtime_error if context_length is below 2, the start and the end token.
  explicit Tokenizer(Vocabulary vocabulary, std::int64_t context_length = 77);

  // Throws std::runtime_error that quotes the text if it is not valid UTF-8.
  Tokens encode(std::string_view text) const;

  std::int64_t start_token() const { return vocabulary_.start_token; }
  std::int64_t end_token() const { return vocabulary_.end_token; }
  std::int64_t vocabulary_size() const { return vocabulary_.size; }

 private:
  Vocabulary vocabulary_;
  std::int64_t context_length_;
};

}  // namespace clip
