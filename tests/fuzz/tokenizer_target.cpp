// CLIP's tokenizer, with the vocabulary of the quickstart's encoder.
#include <stdexcept>
#include <string_view>

#include "encoders/clip/byte_pair_tokenizer.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const clip::BytePairTokenizer tokenizer(clip::read_vocabulary(TREFOIL_FUZZ_VOCABULARY), 77);
  try {
    tokenizer.encode({reinterpret_cast<const char*>(data), size});
  } catch (const std::runtime_error&) {
  }
  return 0;
}
