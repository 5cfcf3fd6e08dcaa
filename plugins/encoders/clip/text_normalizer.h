// TextNormalizer: the changes of a text that a tokenizer.json asks for, before the text is split into pieces.
#pragma once

#include <unicode/unistr.h>

#include <filesystem>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <vector>

namespace clip {

// Only reads its steps, so threads may share one object.
class TextNormalizer {
 public:
  // Reads the object "normalizer" of a tokenizer.json; null is no step. Known types: Sequence, Lowercase, NFC, NFD,
  // NFKC, NFKD, Nmt, Precompiled, Strip, StripAccents, Prepend, and Replace of a string or a regular expression. A
  // table of type Precompiled is not read: it is taken for SentencePiece's nmt_nfkc, which is NFKC after the removal of
  // control characters. Throws std::runtime_error that names the file if a step is of another type or damaged.
  TextNormalizer(const nlohmann::json& normalizer, const std::filesystem::path& file);

  // Throws std::runtime_error if the text becomes too long, or if a regular expression takes too long.
  icu::UnicodeString operator()(icu::UnicodeString text) const;

 private:
  using Step = std::function<void(icu::UnicodeString&)>;

  void add(const nlohmann::json& step, const std::filesystem::path& file);

  std::vector<Step> steps_;
};

}  // namespace clip
