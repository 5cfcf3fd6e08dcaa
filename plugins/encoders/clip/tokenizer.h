// Tokenizer: turns a text into the ids that a text encoder reads.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string_view>
#include <vector>

namespace clip {

// Threads may share one object.
class Tokenizer {
 public:
  struct Tokens {
    std::vector<std::int64_t> ids;  // as many as the text encoder has positions
    std::int64_t length = 0;        // the text encoder reads the first `length` ids; the feature is that of the last
    bool cut = false;               // whether the text was too long; the last id is still the end token
  };

  Tokenizer() = default;
  Tokenizer(const Tokenizer&) = default;
  Tokenizer& operator=(const Tokenizer&) = default;
  Tokenizer(Tokenizer&&) = default;
  Tokenizer& operator=(Tokenizer&&) = default;
  virtual ~Tokenizer() = default;

  // Throws std::runtime_error that quotes the text if it is not valid UTF-8.
  virtual Tokens encode(std::string_view text) const = 0;

  virtual std::int64_t vocabulary_size() const = 0;
};

// Reads a vocabulary of CLIP (vocabulary.h), or a tokenizer.json of SigLIP. Throws std::runtime_error if a file is
// missing, damaged, or of another format.
std::unique_ptr<Tokenizer> read_tokenizer(const std::filesystem::path& path, std::int64_t context_length);

}  // namespace clip
