// The reader of .safetensors. The first two bytes are the length of the header, so that it need not be guessed.
#include <cstring>
#include <stdexcept>
#include <string>

#include "fuzz_file.h"
#include "trefoil/tensor_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::uint64_t length = data[0] | std::uint64_t{data[1]} << 8U;
  std::string bytes(sizeof(length), '\0');
  std::memcpy(bytes.data(), &length, sizeof(length));
  bytes.append(reinterpret_cast<const char*>(data) + 2, size - 2);
  const fuzz::File file(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
  try {
    trefoil::read_safetensors(file.path());
  } catch (const std::runtime_error&) {
  }
  return 0;
}
