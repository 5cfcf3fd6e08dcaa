// The reader of .pt files, from the zip file on.
#include <stdexcept>

#include "fuzz_file.h"
#include "trefoil/tensor_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::File file(data, size);
  try {
    trefoil::read_torch_file(file.path());
  } catch (const std::runtime_error&) {
  }
  return 0;
}
