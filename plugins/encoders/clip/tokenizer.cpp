#include "tokenizer.h"

#include <nlohmann/json.hpp>

#include "byte_pair_tokenizer.h"
#include "hugging_face_vocabulary.h"
#include "piece_vocabulary.h"
#include "vocabulary.h"

namespace clip {

std::unique_ptr<Tokenizer> read_tokenizer(const std::filesystem::path& path, std::int64_t context_length) {
  const std::filesystem::path file = vocabulary_file(path);
  if (file.filename() != "tokenizer.json") {
    return std::make_unique<BytePairTokenizer>(read_vocabulary(path), context_length);
  }
  const nlohmann::json tokenizer = read_tokenizer_json(file);
  if (holds_pieces(tokenizer)) return make_piece_tokenizer(tokenizer, file, context_length);
  return std::make_unique<BytePairTokenizer>(vocabulary_of(tokenizer, file), context_length);
}

}  // namespace clip
