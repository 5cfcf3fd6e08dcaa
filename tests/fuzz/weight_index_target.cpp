// The index of weights in several parts, model.safetensors.index.json. Two good parts lie beside it.
#include "encoders/clip/weights.h"
#include "fuzz_file.h"
#include "refusal.h"

namespace {

// A .safetensors file with one number of this name.
std::string part_with(const std::string& tensor) {
  const std::string header = R"({")" + tensor + R"(":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})";
  const std::string input = std::string{static_cast<char>(header.size()), '\0'} + header + std::string(4, '\0');
  return fuzz::safetensors_file(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const fuzz::Folder folder;
  [[maybe_unused]] static const auto parts = {folder.write("a", part_with("a")), folder.write("b", part_with("b"))};
  const auto index = folder.write("model.safetensors.index.json", {reinterpret_cast<const char*>(data), size});
  fuzz::read_or_refuse(folder.path(), [&] { clip::read_weights(index); });
  return 0;
}
