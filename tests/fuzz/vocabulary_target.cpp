// The vocabulary of CLIP in vocab.json and merges.txt, which a line "---" separates, and in merges.txt alone.
#include "encoders/clip/byte_pair_tokenizer.h"
#include "fuzz_file.h"
#include "refusal.h"

namespace {

void encode_with(const std::filesystem::path& vocabulary) {
  const clip::BytePairTokenizer tokenizer(clip::read_vocabulary(vocabulary), 16);
  for (const std::int64_t id : tokenizer.encode("a photo of an aardvark, ½ \xF0\x9F\x90\xBE").ids) {
    if (id < 0 || id >= tokenizer.vocabulary_size()) std::abort();  // no row of the token embedding
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const fuzz::Folder folder;
  const std::vector<std::string_view> texts = fuzz::parts(data, size, 2);
  folder.write("vocab.json", texts[0]);
  const std::filesystem::path merges = folder.write("merges.txt", texts[1]);
  fuzz::read_or_refuse(folder.path(), [&] { encode_with(folder.path()); });
  fuzz::read_or_refuse(merges, [&] { encode_with(merges); });
  return 0;
}
