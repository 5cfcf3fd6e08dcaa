// The reader of .pt files, from the zip file on.
#include "fuzz_file.h"
#include "refusal.h"
#include "trefoil/tensor_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::File file(data, size);
  fuzz::read_or_refuse(file.path(), [&] { trefoil::read_torch_file(file.path()); });
  return 0;
}
