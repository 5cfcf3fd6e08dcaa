// SHA256SUMS of a run or a sweep.
#include "base/checksums.h"
#include "fuzz_file.h"
#include "refusal.h"

using namespace trefoil;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const fuzz::Folder folder;
  folder.write("one", "one\n");
  const auto file = folder.write("SHA256SUMS", {reinterpret_cast<const char*>(data), size});
  fuzz::read_or_refuse(folder.path(), [&] { base::Checksums(folder.path(), "").require("one"); });
  return 0;
}
