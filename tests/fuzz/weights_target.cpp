// Weights of CLIP and SigLIP in all their formats: a .pt file as it is, or else a .safetensors file whose first two
// bytes are the length of its header. What the weights are called and how large they are decides the architecture.
#include "encoders/clip/architecture.h"
#include "encoders/clip/weights.h"
#include "fuzz_file.h"
#include "refusal.h"

namespace {

std::string weight_file(const std::uint8_t* data, std::size_t size) {
  const bool is_zip = size > 1 && data[0] == 'P' && data[1] == 'K';
  return is_zip ? std::string(reinterpret_cast<const char*>(data), size) : fuzz::safetensors_file(data, size);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzz::File file(weight_file(data, size));
  fuzz::read_or_refuse(file.path(), [&] {
    clip::Weights weights = clip::read_weights(file.path());
    fuzz::read_or_refuse([&] { clip::read_architecture(weights, {}).description(); });
    weights.take_number("logit_scale", 0);
    weights.require_all_taken();
  });
  return 0;
}
