// Published accuracies, in CSV.
#include "fuzz_file.h"
#include "refusal.h"
#include "report/published.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::File file(data, size);
  fuzz::read_or_refuse(file.path(), [&] { trefoil::report::read_published(file.path()); });
  return 0;
}
