// OpenAI's vocabulary, packed and unpacked.
#include "encoders/clip/vocabulary.h"
#include "fuzz_file.h"
#include "refusal.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const fuzz::Folder folder;
  for (const char* name : {"vocabulary.txt.gz", "vocabulary.txt"}) {
    const auto file = folder.write(name, {reinterpret_cast<const char*>(data), size});
    fuzz::read_or_refuse(file, [&] { clip::read_vocabulary(file); });
  }
  return 0;
}
