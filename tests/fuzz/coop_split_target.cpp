// CoOp's split of a data set, in JSON.
#include "data/coop_split.h"
#include "fuzz_file.h"
#include "refusal.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::File file(data, size);
  fuzz::read_or_refuse(file.path(), [&] { trefoil::data::read_coop_split(file.path(), "images"); });
  return 0;
}
