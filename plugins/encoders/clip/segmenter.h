// Segmenter: splits a normalised text into the pieces of a vocabulary.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace clip {

// Threads may share one object.
class Segmenter {
 public:
  Segmenter() = default;
  Segmenter(const Segmenter&) = delete;
  Segmenter& operator=(const Segmenter&) = delete;
  virtual ~Segmenter() = default;

  // Returns the ids of the pieces of a text in valid UTF-8.
  virtual std::vector<std::int32_t> operator()(std::string_view text) const = 0;
};

// Returns the number of bytes of the character that begins with `first` in valid UTF-8.
inline std::size_t character_length(char first) {
  const auto byte = static_cast<unsigned char>(first);
  return byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

}  // namespace clip
