// Texts for CLIP, SigLIP and SigLIP 2: the vocabulary of the quickstart's encoder, and small ones of the corpus of
// tokenizer_json.
#include <array>

#include "encoders/clip/tokenizer.h"
#include "fuzz_file.h"
#include "refusal.h"

namespace {

// Reads an input of tokenizer_json, which must have that name.
std::unique_ptr<clip::Tokenizer> read_json(const std::filesystem::path& file) {
  const fuzz::Folder folder;
  std::filesystem::copy_file(file, folder.path() / "tokenizer.json");
  return clip::read_tokenizer(folder.path(), 77);
}

const std::array<std::unique_ptr<clip::Tokenizer>, 3>& tokenizers() {
  static const std::filesystem::path source(TREFOIL_FUZZ_SOURCE);
  static const std::filesystem::path corpus = source / "tests/fuzz/corpus/tokenizer_json";
  static const std::array<std::unique_ptr<clip::Tokenizer>, 3> all = {
      clip::read_tokenizer(source / "tools/demo/encoder/merges.txt", 77), read_json(corpus / "siglip.json"),
      read_json(corpus / "siglip2.json")};
  return all;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  for (const auto& tokenizer : tokenizers()) {
    fuzz::read_or_refuse([&] {
      for (const std::int64_t id : tokenizer->encode({reinterpret_cast<const char*>(data), size}).ids) {
        if (id < 0 || id >= tokenizer->vocabulary_size()) std::abort();  // no row of the token embedding
      }
    });
  }
  return 0;
}
