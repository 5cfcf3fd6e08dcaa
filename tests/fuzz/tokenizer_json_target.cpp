// The vocabularies of CLIP and SigLIP in tokenizer.json.
#include "encoders/clip/tokenizer.h"
#include "fuzz_file.h"
#include "refusal.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const fuzz::Folder folder;
  const auto file = folder.write("tokenizer.json", {reinterpret_cast<const char*>(data), size});
  std::unique_ptr<clip::Tokenizer> tokenizer;
  fuzz::read_or_refuse(file, [&] { tokenizer = clip::read_tokenizer(file, 16); });
  if (!tokenizer) return 0;
  fuzz::read_or_refuse([&] {
    for (const std::int64_t id : tokenizer->encode("A photo of a cat, ½ \xF0\x9F\x90\xBE").ids) {
      if (id < 0 || id >= tokenizer->vocabulary_size()) std::abort();  // no row of the token embedding
    }
  });
  return 0;
}
