// The compiler of scripts, and the search for operators that are not allowed. Nothing is run.
#include "refusal.h"
#include "script/program.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::vector<script::Function> functions = {
      {"score", {{"text", "Tensor"}, {"images", "Tensor"}, {"labels", "Tensor"}, {"seed", "int"}}, {"Tensor"}}};
  fuzz::read_or_refuse([&] { script::Program::of({reinterpret_cast<const char*>(data), size}, functions); });
  return 0;
}
