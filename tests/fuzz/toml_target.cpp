// The reader of experiment files.
#include "config/diagnostics.h"
#include "config/toml.h"
#include "fuzz_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::File file(data, size);
  trefoil::config::Diagnostics diagnostics;
  trefoil::config::read_toml(file.path(), diagnostics);
  return 0;
}
