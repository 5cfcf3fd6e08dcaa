// The reader of TOML.
#include "config/diagnostics.h"
#include "config/toml.h"
#include "fuzz_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::File file(data, size);
  trefoil::config::Diagnostics diagnostics;
  trefoil::config::read_toml(file.path(), diagnostics);
  trefoil::config::parse_toml_value({reinterpret_cast<const char*>(data), size});  // as in --set KEY=VALUE
  return 0;
}
