// The symbols of a plugin, which are read before its library is loaded.
#include "fuzz_file.h"
#include "refusal.h"
#include "runtime/exported_symbols.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::File file(data, size);
  fuzz::read_or_refuse([&] { trefoil::runtime::exported_symbols(file.path(), "trefoil_plugin_v"); });
  return 0;
}
