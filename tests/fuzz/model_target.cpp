// The model of a run. The first two bytes are the length of the header.
#include "fuzz_file.h"
#include "refusal.h"
#include "run/model_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::File file(fuzz::safetensors_file(data, size));
  fuzz::read_or_refuse(file.path(), [&] { trefoil::run::read_model(file.path()); });
  return 0;
}
